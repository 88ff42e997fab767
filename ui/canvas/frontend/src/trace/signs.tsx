/** Line icons that only the inspector uses, drawn as those in `style/icons`. */
const SIGNS = {
  comment: 'M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z',
  pin: 'M6 2.5h4l-.5 4 2 2.500h-7l2-2.500z M8 9v4.5',
  heat: 'M8 14c2.6 0 4.3-1.7 4.3-4.100C12.3 6.6 9 5.5 9 2c-2.5 1-3.2 3.2-2.8 5-.8-.3-1.300-1-1.400-1.800-.8 1-1.100 2.8-1.100 4.400C3.7 12.300 5.4 14 8 14z',
  back: 'M13 3.5v9 M10 3.5 4 8l6 4.500z',
  on: 'M3 3.5v9 M6 3.5l6 4.500-6 4.500z',
  compare: 'M3 3h4v10H3z M9 3h4v10H9z',
} as const

export type SignName = keyof typeof SIGNS

export function Sign({ name, size = 14 }: { name: SignName; size?: 12 | 14 | 16 }) {
  return <svg className={`i ${size < 16 ? `s${size}` : ''}`} viewBox="0 0 16 16" aria-hidden="true"><path d={SIGNS[name]} /></svg>
}
