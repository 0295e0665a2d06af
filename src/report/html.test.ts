import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Html, escapeHtml, html, scriptJson } from './html.ts'

describe('HTML', () => {
  test('text between literals is escaped, HTML is not, lists are joined', () => {
    const bold = html`<b title="${'"'}">${"<x> & 'y'"}</b>`
    expect(html`<p>${[bold, ' ', 3]}</p>`.text).toBe(
      '<p><b title="&quot;">&lt;x&gt; &amp; &#39;y&#39;</b> 3</p>',
    )
    expect(bold).toBeInstanceOf(Html)
  })

  test('no text keeps a character that HTML would read', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
      }),
    )
  })

  test('JSON in a script can neither end it nor open a comment, and reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = scriptJson(value)
        expect(text).not.toContain('<')
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(scriptJson('</script><!--').text).not.toContain('<')
  })
})
