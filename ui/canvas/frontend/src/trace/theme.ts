import { createContext } from 'react'

/** Changes whenever Streamlit's theme does, so that what is drawn with fixed colours is drawn anew. */
export const ThemeMark = createContext('')
