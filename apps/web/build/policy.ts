import type { Plugin } from 'vite'

/** Where weights are fetched from: the hub, and the hosts that it sends for large files. */
const hub = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co']

/** What the page may do: nothing inline, no evaluated code but WebAssembly's, no host but its own and the hub's. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  `connect-src 'self' ${hub.join(' ')}`,
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
]

/** What servers are to send with everything: a policy for workers, and what gives the page shared memory. */
export const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [...policy, "frame-ancestors 'none'"].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Puts the policy into the page, for servers that send no headers of one's own, and into `_headers`, which Netlify and
 * Cloudflare Pages read.
 */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy.join('; ') },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)
      const source = [
        '/*',
        ...lines,
        '/assets/*',
        '  Cache-Control: public, max-age=31536000, immutable',
        '/serviceWorker.js',
        '  Cache-Control: no-cache',
        '',
      ].join('\n')
      this.emitFile({ type: 'asset', fileName: '_headers', source })
    },
  }
}
