import { lazy, Suspense, type ReactElement } from 'react'
import type { Api } from './api'
import type { Offered } from './sharing/taking'

/** The gallery is its own chunk, with its own style. */
const Gallery = lazy(async () => {
  const [view, css] = await Promise.all([import('./gallery/GalleryView'), import('./gallery/gallery.css?inline')])
  return { default: (props: Parameters<typeof view.GalleryView>[0]) => <><style>{css.default}</style><view.GalleryView {...props} /></> }
})

export function GalleryHost(props: { api: Api; navigate: (place: object) => void; choose: (offered: Offered) => void }): ReactElement {
  return <Suspense fallback={<p className="centre t3">Opening the gallery…</p>}><Gallery {...props} /></Suspense>
}
