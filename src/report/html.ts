/** HTML from text: what is not marked as HTML is escaped. */

/** Text that is HTML already. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** Something that {@link html} can take: text is escaped, lists are joined. */
export type HtmlPart = string | number | Html | readonly HtmlPart[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Returns text that shows as itself in an element and in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/** Template tag: parts between the literal texts are escaped unless they are {@link Html}. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = literals[0]!
  for (const [i, part] of parts.entries()) text += htmlText(part) + literals[i + 1]!
  return new Html(text)
}

function htmlText(part: HtmlPart): string {
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(htmlText).join('')
  return escapeHtml(String(part))
}

/** Returns JSON that can stand in a script element: no text in it can end that element. */
export function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'))
}
