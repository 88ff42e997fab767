import { describe, expect, test, vi } from 'vitest'
import { onPageKey } from './keys'

class Box {
  isContentEditable = false
  constructor(readonly tagName: string, private readonly inside: string[] = []) {}
  closest(selector: string): Box | null {
    return selector.split(',').some((each) => this.inside.includes(each.trim())) ? this : null
  }
}
vi.stubGlobal('HTMLElement', Box)

function press(key: string, target: Box, more: object = {}) {
  const store = { replay: { by: vi.fn(() => Promise.resolve()), toggle: vi.fn() } }
  const fork = vi.fn()
  const event = { key, ctrlKey: false, metaKey: false, altKey: false, composedPath: () => [target], preventDefault: vi.fn(), stopPropagation: vi.fn(), ...more }
  onPageKey(event as never, { page: null, store: store as never, fork })
  return { ...store.replay, fork, event }
}

describe('the keys of the page', () => {
  const tree = new Box('DIV')

  test('J and K step, space plays, F forks', () => {
    expect(press('j', tree).by).toHaveBeenCalledWith(1)
    expect(press('K', tree).by).toHaveBeenCalledWith(-1)
    expect(press(' ', tree).toggle).toHaveBeenCalled()
    expect(press('f', tree).fork).toHaveBeenCalled()
  })

  test('are left alone while a text is typed, in a dialog, and with Ctrl', () => {
    expect(press('j', new Box('TEXTAREA')).by).not.toHaveBeenCalled()
    expect(press('j', new Box('DIV', ['[role=dialog]'])).by).not.toHaveBeenCalled()
    expect(press('f', tree, { ctrlKey: true }).fork).not.toHaveBeenCalled()
  })

  test('space presses the button that has the focus', () => {
    expect(press(' ', new Box('BUTTON', ['button'])).toggle).not.toHaveBeenCalled()
  })

  test('Streamlit’s own R never gets through, other keys do', () => {
    expect(press('r', tree).event.stopPropagation).toHaveBeenCalled()
    expect(press('x', tree).event.stopPropagation).not.toHaveBeenCalled()
  })
})
