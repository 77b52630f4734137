//! What the desktop does to a window, where no driver reaches.

use anyhow::Result;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, Window};
use x11rb::rust_connection::RustConnection;

x11rb::atom_manager! {
    /// What is asked of windows and said to them.
    Atoms: AtomsReply {
        WM_PROTOCOLS,
        WM_DELETE_WINDOW,
        _NET_WM_PID,
    }
}

/// Does what the button in a window's frame does to every window of a process; nothing where it has none.
pub fn close_windows_of(process: u32) -> Result<Option<()>> {
    let (display, screen) = x11rb::connect(None)?;
    let atoms = Atoms::new(&display)?.reply()?;
    let root = display.setup().roots[screen].root;
    let mut asked = None;
    for window in display.query_tree(root)?.reply()?.children {
        let of = |property, kind| numbers(&display, window, property, kind);
        if !of(atoms._NET_WM_PID, AtomEnum::CARDINAL)?.contains(&process)
            || !of(atoms.WM_PROTOCOLS, AtomEnum::ATOM)?.contains(&atoms.WM_DELETE_WINDOW)
        {
            continue;
        }
        let close = ClientMessageEvent::new(
            32,
            window,
            atoms.WM_PROTOCOLS,
            [atoms.WM_DELETE_WINDOW, 0, 0, 0, 0],
        );
        display.send_event(false, window, EventMask::NO_EVENT, close)?;
        asked = Some(());
    }
    display.flush()?;
    Ok(asked)
}

fn numbers(display: &RustConnection, window: Window, property: Atom, kind: AtomEnum) -> Result<Vec<u32>> {
    // A window may go while it is asked.
    let Ok(said) = display
        .get_property(false, window, property, kind, 0, 64)?
        .reply()
    else {
        return Ok(Vec::new());
    };
    Ok(said.value32().into_iter().flatten().collect())
}
