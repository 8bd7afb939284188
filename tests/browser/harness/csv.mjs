// Reads the CSV text that a cell downloads; the tests and the benchmark compare answers by it.

/** Rows of an RFC 4180 text without its head; an unquoted empty field is NULL, a quoted one an empty text. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  for (let at = 0; at < text.length; ) {
    let value;
    if (text[at] === '"') {
      value = "";
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at += 1;
        value += text[at];
      }
      at += 1;
    } else {
      const end = at + text.slice(at).search(/[,\r\n]|$/);
      value = text.slice(at, end);
      if (value === "") value = null;
      at = end;
    }
    row.push(value);
    if (text[at] === ",") {
      at += 1;
      if (at >= text.length) row.push(null);
      continue;
    }
    if (text[at] === "\r") at += 1;
    at += 1;
    rows.push(row);
    row = [];
  }
  return rows.slice(1);
}
