/** The letter's layout, in Typst. It never changes with a message: everything a message says comes in as JSON data
 * (`sys.inputs.letter`) and is shown as text, so that no name or note is ever read as code.
 *
 * A4 with the address where French window envelopes show it (NF Z 10-011: the zone 45 mm from the top, 100 mm from the
 * left, 100 × 45 mm kept clear), fold marks left out, legal mentions at the foot of each page. */
export const LETTER_SOURCE = String.raw`
#let d = json(bytes(sys.inputs.letter))
#let day = datetime(year: d.created.year, month: d.created.month, day: d.created.day)
#let grey = luma(90)
#let rule = luma(190)
#let lines(values) = for (i, value) in values.enumerate() { if i > 0 { linebreak() }; value }

// The largest of the sizes at which the words stay within 74 mm by the height given.
#let fitting(sizes, height, words) = {
  let found = sizes.find(size => measure(block(width: 74mm, text(size: size, words))).height <= height)
  if found == none { panic("does not fit its place") } else { found }
}

#set document(title: d.title, author: d.author, date: day)
#set text(font: ("Libertinus Serif", "New Computer Modern"), fallback: false, size: 10.5pt, lang: d.language, hyphenate: false)
#set par(justify: false, leading: 0.62em, spacing: 1.05em)
#set page(
  paper: "a4",
  margin: (left: 22mm, right: 20mm, top: 20mm, bottom: 30mm),
  header: context if counter(page).get().first() > 1 { text(size: 8pt, fill: grey, d.running) },
  footer: context {
    set text(size: 7.5pt, fill: grey)
    set par(leading: 0.5em)
    line(length: 100%, stroke: 0.4pt + rule)
    v(-0.6em)
    grid(columns: (1fr, auto), column-gutter: 6mm, align: (left, right),
      d.legal,
      [#d.words.page #counter(page).display() / #counter(page).final().first()])
  },
)

// Letterhead, left; the debtor's address in the window, right.
#block(height: 76mm, width: 100%, {
  place(top + left, block(width: 74mm, {
    context text(size: fitting((13pt, 11pt, 9pt, 8pt), 24mm, strong(d.creditor.name)), weight: "bold", d.creditor.name)
    linebreak()
    set text(size: 9pt)
    set par(leading: 0.5em)
    lines(d.creditor.lines)
  }))
  place(top + left, dx: 84mm, dy: 26mm, block(width: 84mm, height: 40mm, {
    set par(leading: 0.52em)
    set align(left + horizon)
    context {
      let size = fitting((10.5pt, 9pt, 8pt, 7pt), 40mm, lines(d.address))
      text(size: size, lines(d.address))
    }
  }))
  place(bottom + left, dx: 84mm, text(d.place-and-day))
})

#if d.references.len() > 0 {
  set text(size: 9pt, fill: grey)
  lines(d.references)
  v(0.2em)
}
#block(below: 1.3em, heading(level: 1, outlined: false, text(size: 11.5pt, [#d.words.subject #d.subject])))

#let money-table(t) = {
  set text(size: 9pt)
  set par(leading: 0.45em)
  let count = t.columns.len()
  let wide = t.columns.map(c => if c.figures { auto } else if c.grows { 1fr } else { auto })
  table(
    columns: wide,
    align: (x, y) => if t.columns.at(x).figures { right } else { left },
    stroke: (x, y) => (bottom: 0.4pt + rule),
    inset: (x: 4pt, y: 3.6pt),
    table.header(repeat: true, ..t.columns.map(c => text(weight: "bold", c.label))),
    ..t.rows.flatten(),
  )
  // The sums stay together on one page, under the figures.
  block(breakable: false, width: 100%, above: 0.5em, below: 1.2em, align(right, grid(
    columns: (auto, auto), column-gutter: 8mm, row-gutter: 0.55em, align: (right, right), inset: (right: 2pt),
    ..t.sums.map(s => {
      let weight = if s.strong { "bold" } else { "regular" }
      (text(weight: weight, s.label), text(weight: weight, s.value))
    }).flatten(),
  )))
  if t.note != none { block(above: 0em, below: 1.2em, text(size: 8pt, fill: grey, t.note)) }
}

// The QR code is drawn from its modules: a run of dark ones is one rectangle.
#let qr(code) = {
  let side = 28mm
  let unit = side / code.size
  box(width: side, height: side, {
    for run in code.runs {
      place(top + left, dx: run.x * unit, dy: run.y * unit, rect(width: run.length * unit, height: unit, fill: black, stroke: none))
    }
  })
}

#let payment(p) = block(breakable: false, width: 100%, stroke: 0.5pt + rule, radius: 2pt, inset: 8pt, below: 1.2em, {
  set text(size: 9.5pt)
  grid(
    columns: (1fr, auto), column-gutter: 6mm, align: (left + horizon, center + horizon),
    grid(
      columns: (auto, 1fr), column-gutter: 5mm, row-gutter: 0.7em,
      ..p.lines.map(l => (text(fill: grey, l.label), text(weight: "bold", l.value))).flatten(),
    ),
    if p.qr == none { [] } else {
      set text(size: 7.5pt, fill: grey)
      figure(alt: d.words.qr-alt, kind: "qr", supplement: none, numbering: none, {
        qr(p.qr)
        v(2mm)
        d.words.qr-caption
      })
    },
  )
})

#let drawn(part) = {
  if part.kind == "paragraph" { par(lines(part.lines)) }
  else if part.kind == "table" { money-table(part.table) }
  else { payment(part) }
}

#for part in d.blocks.slice(0, -1) { drawn(part) }

// The last words and the signature stay on one page: no page bears a signature alone.
#block(breakable: d.blocks.last().kind == "table", width: 100%, {
  drawn(d.blocks.last())
  block(above: 1.4em, breakable: false, pad(left: 84mm, lines(d.signature)))
})
`;
