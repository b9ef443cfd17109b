/** Parts of the editor in the order of their tabs; each has a word in `scenarios.editorTabs` and a panel in `editor-panels.tsx`. */
export const EDITOR_TABS = ['steps', 'preview', 'replay', 'holdOut', 'versions'] as const;
/** One part of the editor. */
export type EditorTab = (typeof EDITOR_TABS)[number];
