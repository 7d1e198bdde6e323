//! The types of the library's interface, as its header files declare them (RFC 2744 appendix A, MIT's gssapi_ext.h).

use std::ffi::{c_char, c_int, c_void};

pub(super) type Handle = *mut c_void;

#[repr(C)]
pub(super) struct Buffer {
    pub(super) length: usize,
    pub(super) value: *mut c_void,
}

#[repr(C)]
pub(super) struct Oid {
    pub(super) length: u32,
    pub(super) elements: *const c_void,
}

#[repr(C)]
pub(super) struct OidSet {
    pub(super) count: usize,
    pub(super) elements: *const Oid,
}

#[repr(C)]
pub(super) struct Bindings {
    pub(super) initiator_kind: u32,
    pub(super) initiator: Buffer,
    pub(super) acceptor_kind: u32,
    pub(super) acceptor: Buffer,
    pub(super) application: Buffer,
}

#[repr(C)]
pub(super) struct StoreEntry {
    pub(super) key: *const c_char,
    pub(super) value: *const c_char,
}

#[repr(C)]
pub(super) struct Store {
    pub(super) count: u32,
    pub(super) elements: *const StoreEntry,
}

pub(super) type AcquireFrom =
    unsafe extern "C" fn(*mut u32, Handle, u32, *const OidSet, c_int, *const Store, *mut Handle, *mut c_void, *mut u32) -> u32;
pub(super) type SetMechanisms = unsafe extern "C" fn(*mut u32, Handle, *const OidSet) -> u32;
pub(super) type Accept = unsafe extern "C" fn(
    *mut u32,
    *mut Handle,
    Handle,
    *const Buffer,
    *const Bindings,
    *mut Handle,
    *mut *const Oid,
    *mut Buffer,
    *mut u32,
    *mut u32,
    *mut Handle,
) -> u32;
pub(super) type DisplayName = unsafe extern "C" fn(*mut u32, Handle, *mut Buffer, *mut *const Oid) -> u32;
pub(super) type NameAttribute =
    unsafe extern "C" fn(*mut u32, Handle, *const Buffer, *mut c_int, *mut c_int, *mut Buffer, *mut Buffer, *mut c_int) -> u32;
pub(super) type DisplayStatus = unsafe extern "C" fn(*mut u32, u32, c_int, *const Oid, *mut u32, *mut Buffer) -> u32;
pub(super) type ReleaseBuffer = unsafe extern "C" fn(*mut u32, *mut Buffer) -> u32;
pub(super) type Release = unsafe extern "C" fn(*mut u32, *mut Handle) -> u32;
pub(super) type DeleteContext = unsafe extern "C" fn(*mut u32, *mut Handle, *mut Buffer) -> u32;
