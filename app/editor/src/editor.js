// The editor of SQL cells and notebook sources: CodeMirror 6 in a shadow root.
//
// The shadow root matters: there CodeMirror hands its styles over as constructed style sheets, which the content-security
// policy allows, while in the document itself it would add a <style> element, which the policy forbids.
// What the editor asks of the page comes through the callbacks; positions are UTF-16 offsets.

import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { unifiedMergeView } from "@codemirror/merge";
import { extensions, readingExtensions } from "./extensions.js";

/**
 * Opens an editor in `host`.
 *
 * `options`: `text`, `language` (`sql` or `markdown`), `label`, `change(text)`, `run()`, `close()`,
 * `complete(text, position)` → promise of JSON `{from, items}`, `check(text)` → promise of JSON list of problems.
 */
export function open(host, options) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: options.text, extensions: extensions(options) }),
  });
  return {
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    replace(text) {
      if (text !== view.state.doc.toString()) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      }
    },
    select(from, to) {
      const length = view.state.doc.length;
      view.dispatch({
        selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
        scrollIntoView: true,
      });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

/** Shows `draft` with its differences from `published` marked, for reading only. */
export function compare(host, published, draft) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: draft,
      extensions: [
        ...readingExtensions(),
        unifiedMergeView({
          original: published,
          mergeControls: false,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    }),
  });
  return { close: () => view.destroy() };
}
