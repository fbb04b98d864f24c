/** Strokes on a grid of 24 × 24. */
const paths = {
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M7 10l5 5l5-5',
  chip: 'M7 7h10v10H7zM10 7V3M14 7V3M10 21v-4M14 21v-4M7 10H3M7 14H3M21 10h-4M21 14h-4',
  classify: 'M4 5h16v14H4zM4 16l5-5l4 4l3-3l4 4M15.5 9.5h.01',
  close: 'M6 6l12 12M18 6L6 18',
  code: 'M8 8l-4 4l4 4M16 8l4 4l-4 4M13.5 6l-3 12',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  dark: 'M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z',
  download: 'M12 4v11M7.5 10.5L12 15l4.5-4.5M5 19h14',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  inside: 'M3 8l9-5l9 5l-9 5zM3 12l9 5l9-5M3 16l9 5l9-5',
  light:
    'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  network: 'M12 3v4M7 7h10v4H7zM12 11v3M7 14h10v4H7zM12 18v3M17 9h2.5v7H17',
  photo: 'M12 15V4M7.5 8.5L12 4l4.5 4.5M4 15v5h16v-5',
  search: 'M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14M16 16l4.5 4.5',
  speed: 'M4 17a8 8 0 1 1 16 0M12 17l4-6',
  stop: 'M7 7h10v10H7z',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
} as const

export type IconName = keyof typeof paths

/** A picture beside words, or in place of them where its button has a name. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
