// Prettify that keeps the comments, because graphql-js prints none.

const { Lexer, Source, TokenKind, parse, print } = GraphiQL.GraphQL;

// A comment after a token stays at the end of its line; others are above the next token's line.
export function prettify(text) {
  const printed = print(parse(text));
  const lines = printed.split("\n");
  const above = lines.map(() => []);
  const beside = lines.map(() => "");
  const targets = tokens(printed);
  const waiting = [];
  let line = 0;
  for (const token of tokens(text)) {
    if (token.kind === TokenKind.COMMENT) {
      const comment = `#${token.value}`;
      if (token.prev.line === token.line) beside[line] += ` ${comment}`;
      else waiting.push(comment);
    } else if (isSame(token, targets[0])) {
      line = targets.shift().line - 1;
      above[line].push(...waiting.splice(0));
    } // otherwise the keyword of an anonymous query, which isn't printed
  }
  const commented = lines.flatMap((code, number) => [
    ...above[number].map((comment) => indentation(code) + comment),
    code + beside[number],
  ]);
  return [...commented, ...waiting].join("\n");
}

function tokens(text) {
  const lexer = new Lexer(new Source(text));
  const found = [];
  const start = lexer.token;
  while (lexer.advance().kind !== TokenKind.EOF);
  for (let token = start.next; token.kind !== TokenKind.EOF; token = token.next) found.push(token);
  return found;
}

// A block string may have been indented anew.
function isSame(token, target) {
  return (
    token.kind === target?.kind &&
    (token.kind === TokenKind.BLOCK_STRING || token.value === target.value)
  );
}

// A comment before a closing bracket is indented like the contents of the brackets.
function indentation(code) {
  const [, spaces, bracket] = /^( *)([)\]}]?)/.exec(code);
  return bracket ? `${spaces}  ` : spaces;
}
