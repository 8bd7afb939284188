// What an editor is made of: language, keys, completion and problems.

import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, temporarilySetTabFocusMode } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap, linter } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { colours, theme } from "./theme.js";

/** Milliseconds of rest after which the text is checked. */
const CHECK_DELAY = 150;

/** Of an editor that is written in. */
export function extensions(options) {
  const inSql = options.language === "sql";
  return [
    Prec.high(keymap.of(ownKeys(options))),
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    inSql ? sql({ dialect: PostgreSQL, upperCaseKeywords: false }) : markdown(),
    syntaxHighlighting(colours),
    theme,
    // Escape and then Tab leaves the editor: the help text beside it says so.
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...historyKeymap,
      { key: "Escape", run: temporarilySetTabFocusMode },
      ...defaultKeymap,
      indentWithTab,
    ]),
    inSql ? autocompletion({ override: [completions(options)], icons: false }) : [],
    linter(problems(options), { delay: CHECK_DELAY }),
    EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false" }),
    EditorView.domEventHandlers({ beforeinput: replaceSelection }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.change(update.state.doc.toString());
    }),
  ];
}

/** Of a text that is only read. */
export function readingExtensions() {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.lineWrapping,
    lineNumbers(),
    markdown(),
    syntaxHighlighting(colours),
    theme,
    EditorView.contentAttributes.of({ "aria-label": "Differences from the published version", tabindex: "0" }),
  ];
}

// Typing over a selection is done here. Chromium would keep the look of the replaced words with a style attribute, which the
// content-security policy forbids and reports.
function replaceSelection(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || event.data === null || event.isComposing || empty) return false;
  const insert = () =>
    view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handler) => handler(view, from, to, event.data, insert))) view.dispatch(insert());
  event.preventDefault();
  return true;
}

function ownKeys(options) {
  const run = (view) => {
    // An offer that is still open would take the next Escape.
    closeCompletion(view);
    options.run();
    return true;
  };
  return [
    { key: "Mod-Enter", run },
    { key: "Shift-Enter", run },
    { key: "Mod-Shift-Escape", run: () => (options.close(), true) },
  ];
}

function completions(options) {
  return async (context) => {
    const word = context.matchBefore(/[\p{L}\p{N}_$."]*/u);
    if (!context.explicit && (!word || word.from === word.to)) return null;
    const answer = await options.complete(context.state.doc.toString(), context.pos);
    if (!answer || context.aborted) return null;
    const { from, items } = JSON.parse(answer);
    return { from, options: items, validFor: /^[\p{L}\p{N}_$]*$/u };
  };
}

function problems(options) {
  return async (view) => {
    const answer = await options.check(view.state.doc.toString());
    if (!answer) return [];
    const length = view.state.doc.length;
    return JSON.parse(answer).map((problem) => ({
      ...problem,
      from: Math.min(problem.from, length),
      to: Math.min(Math.max(problem.to, problem.from), length),
    }));
  };
}
