/** The layout of the page that tells of a proof, in Typst; everything it says comes in as JSON data (`sys.inputs.data`) and is shown as text. */
export const PAGE_SOURCE = String.raw`
#let d = json(bytes(sys.inputs.data))
#let day = datetime(year: d.created.year, month: d.created.month, day: d.created.day)
#let grey = luma(90)
#let hash(value) = text(size: 7.2pt, font: ("DejaVu Sans Mono",), fallback: false, value)

#set document(title: d.title, author: d.author, date: day)
#set text(font: ("Libertinus Serif", "New Computer Modern"), fallback: false, size: 9.5pt, lang: "fr", hyphenate: false)
#set par(justify: false, leading: 0.5em, spacing: 0.7em)
#set page(paper: "a4", margin: (left: 20mm, right: 20mm, top: 16mm, bottom: 16mm), footer: text(size: 7.5pt, fill: grey, d.footer))

#heading(level: 1, text(size: 15pt, d.title))
#v(0.2em)
#text(fill: grey, d.lead)

#let pairs(rows) = grid(
  columns: (38mm, 1fr), row-gutter: 0.55em, column-gutter: 4mm,
  ..rows.map(row => (text(fill: grey, row.at(0)), if row.at(2) { hash(row.at(1)) } else { text(row.at(1)) })).flatten(),
)

#for section in d.sections {
  v(0.35em)
  heading(level: 2, text(size: 10.5pt, section.title))
  v(0.1em)
  if section.rows.len() > 0 { pairs(section.rows) }
  for line in section.lines { par(line) }
}
`;
