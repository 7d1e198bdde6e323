//! MIT's GSSAPI library (RFC 2743, RFC 2744), opened at run time: the program needs it only where `[kerberos]` stands in the
//! config, and no header of it to be built. This is the one file with `unsafe` code; everything that it gives out is owned.
//! Invariants: the library is never closed (it keeps thread-local state), a context lives for one token, whatever the library
//! allocates is released by the guards below, and no pointer leaves this file.
#![expect(unsafe_code, reason = "the one module that calls a C library; see the invariants above")]

mod abi;

use std::collections::BTreeMap;
use std::ffi::{CString, NulError, c_int};
use std::fmt;
use std::path::{Path, PathBuf};
use std::ptr;

use libloading::Library;
use parking_lot::Mutex;

use self::abi::{
    Accept, AcquireFrom, Bindings, Buffer, DeleteContext, DisplayName, DisplayStatus, Handle, NameAttribute, Oid, OidSet,
    Release, ReleaseBuffer, SetMechanisms, Store, StoreEntry,
};
use crate::config::schema::KerberosSection;

/// The library's file where the config names none: MIT's, as every distribution calls it.
const LIBRARY: &str = "libgssapi_krb5.so.2";

/// 1.3.6.1.5.5.2, SPNEGO (RFC 4178).
static SPNEGO: [u8; 6] = [0x2b, 6, 1, 5, 5, 2];
/// 1.2.840.113554.1.2.2, Kerberos 5 (RFC 4121).
static KERBEROS: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];
/// What a PAC says of the account: its name and its SID, beside the user principal name (MS-PAC §2.10).
const UPN_DNS_INFO: &[u8] = b"urn:mspac:upn-dns-info";
/// The client's channel bindings were compared, and are the same.
const CHANNEL_BOUND: u32 = 0x800;
/// The bits of a major status that say that something failed (RFC 2744 §3.9.1).
const ERRORS: u32 = 0xffff_0000;
/// One more token would be needed.
const CONTINUE_NEEDED: u32 = 1;
const INDEFINITE: u32 = u32::MAX;
const ACCEPT: c_int = 2;
/// Texts of the library are cut here.
const LONGEST_TEXT: usize = 400;

/// The functions of the library that are used.
struct Functions {
    acquire_from: AcquireFrom,
    set_mechanisms: SetMechanisms,
    accept: Accept,
    display_name: DisplayName,
    name_attribute: Option<NameAttribute>,
    display_status: DisplayStatus,
    release_buffer: ReleaseBuffer,
    release_name: Release,
    release_credential: Release,
    delete_context: DeleteContext,
}

/// The libraries that were opened, by their files: each stays for the rest of the process.
static OPENED: Mutex<BTreeMap<PathBuf, &'static Functions>> = Mutex::new(BTreeMap::new());

/// Why the library or the keytab cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GssError {
    /// The library is not there, or lacks a function.
    #[error("open the Kerberos library: {0}")]
    Library(String),
    /// The library does not take the keytab.
    #[error("read the keytab: {0}")]
    Keytab(String),
    /// A path has a NUL byte.
    #[error("name a file: {0}")]
    Path(#[from] NulError),
}

/// Why a token was not accepted, as the library says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenFailure {
    /// The exchange would need another token.
    Unfinished,
    /// The library refused it: the calling error or routine error (RFC 2744 §3.9.1), and its text.
    Refused { major: u32, text: String },
}

/// What an accepted token says.
#[derive(Debug)]
pub(super) struct AcceptedToken {
    /// The client's name as the library displays it, with its escapes.
    pub(super) name: Vec<u8>,
    /// The token to answer with; empty where there is none.
    pub(super) reply: Vec<u8>,
    /// For how many seconds the ticket is good; the library adds the clock skew that it allows.
    pub(super) left: u32,
    /// Whether the mechanism in the end was Kerberos.
    pub(super) is_kerberos: bool,
    /// Whether the client's channel bindings were compared with ours, and are the same.
    pub(super) is_bound: bool,
    /// UPN_DNS_INFO of a PAC that the library verified.
    pub(super) account: Option<Vec<u8>>,
}

/// The library's file.
pub fn library(config: &KerberosSection) -> PathBuf {
    config.library.clone().unwrap_or_else(|| PathBuf::from(LIBRARY))
}

/// Keeps the library from loading the plug-ins of other mechanisms: their code would run inside the gateway, and NTLM would be
/// negotiated beside Kerberos.
///
/// Call it first thing in `main`.
pub fn forbid_plugins() {
    // SAFETY: the process has one thread at this point, so nobody reads the environment at the same time.
    unsafe { std::env::set_var("GSS_MECH_CONFIG", "/dev/null") }
}

impl Functions {
    fn open(file: &Path) -> Result<&'static Self, GssError> {
        let mut opened = OPENED.lock();
        if let Some(functions) = opened.get(file) {
            return Ok(functions);
        }
        let failed = |error: libloading::Error| GssError::Library(error.to_string());
        // SAFETY: MIT's library has no initialiser that could harm; it is leaked, so its functions stay where they are.
        let library: &'static Library = Box::leak(Box::new(unsafe { Library::new(file) }.map_err(failed)?));
        macro_rules! function {
            ($type:ty, $name:literal) => {
                // SAFETY: the type is that of RFC 2744, RFC 6680 or MIT's gssapi_ext.h for this name.
                *unsafe { library.get::<$type>($name) }.map_err(failed)?
            };
        }
        let functions: &'static Self = Box::leak(Box::new(Self {
            acquire_from: function!(AcquireFrom, b"gss_acquire_cred_from\0"),
            set_mechanisms: function!(SetMechanisms, b"gss_set_neg_mechs\0"),
            accept: function!(Accept, b"gss_accept_sec_context\0"),
            display_name: function!(DisplayName, b"gss_display_name\0"),
            // SAFETY: as above; a library without it gives no PAC.
            name_attribute: unsafe { library.get::<NameAttribute>(b"gss_get_name_attribute\0") }.ok().map(|found| *found),
            display_status: function!(DisplayStatus, b"gss_display_status\0"),
            release_buffer: function!(ReleaseBuffer, b"gss_release_buffer\0"),
            release_name: function!(Release, b"gss_release_name\0"),
            release_credential: function!(Release, b"gss_release_cred\0"),
            delete_context: function!(DeleteContext, b"gss_delete_sec_context\0"),
        }));
        opened.insert(file.to_owned(), functions);
        Ok(functions)
    }

    /// The texts of a status, without control characters: some hold a NUL.
    fn text(&self, major: u32, minor: u32) -> String {
        let mut texts = Vec::new();
        for (code, kind) in [(major, 1), (minor, 2)] {
            let mut more = 0;
            // Several messages may belong to one code; nobody needs more than these.
            for _ in 0..4 {
                let (mut ignored, mut text) = (0, Owned::new(self));
                // SAFETY: all pointers are to live variables; the buffer is released by its guard.
                let said = unsafe {
                    (self.display_status)(&raw mut ignored, code, kind, ptr::null(), &raw mut more, &raw mut text.buffer)
                };
                if said & ERRORS != 0 {
                    break;
                }
                texts.push(printable(&text.take()));
                if more == 0 {
                    break;
                }
            }
        }
        texts.retain(|text| !text.is_empty());
        let all = texts.join("; ");
        all.get(..all.floor_char_boundary(LONGEST_TEXT)).unwrap_or_default().to_owned()
    }
}

/// A text of the library in one line.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// A buffer that the library fills, released with the guard.
struct Owned<'f> {
    functions: &'f Functions,
    buffer: Buffer,
}

impl<'f> Owned<'f> {
    const fn new(functions: &'f Functions) -> Self {
        Self { functions, buffer: Buffer { length: 0, value: ptr::null_mut() } }
    }

    /// A copy of what is in it.
    fn take(&self) -> Vec<u8> {
        if self.buffer.value.is_null() || self.buffer.length == 0 {
            return Vec::new();
        }
        // SAFETY: the library wrote both fields together, and the guard still owns the memory.
        unsafe { std::slice::from_raw_parts(self.buffer.value.cast::<u8>(), self.buffer.length) }.to_vec()
    }
}

impl Drop for Owned<'_> {
    fn drop(&mut self) {
        let mut minor = 0;
        // SAFETY: filled by this library or empty; both are fine to release once.
        unsafe { (self.functions.release_buffer)(&raw mut minor, &raw mut self.buffer) };
    }
}

/// A name, a context or a credential of the library, released with the guard.
struct Held<'f> {
    functions: &'f Functions,
    handle: Handle,
    release: fn(&Functions, &mut Handle),
}

impl<'f> Held<'f> {
    const fn new(functions: &'f Functions, release: fn(&Functions, &mut Handle)) -> Self {
        Self { functions, handle: ptr::null_mut(), release }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.handle.is_null() {
            (self.release)(self.functions, &mut self.handle);
        }
    }
}

fn release_name(functions: &Functions, handle: &mut Handle) {
    let mut minor = 0;
    // SAFETY: a name of this library, released once by its guard.
    unsafe { (functions.release_name)(&raw mut minor, handle) };
}

fn release_credential(functions: &Functions, handle: &mut Handle) {
    let mut minor = 0;
    // SAFETY: a credential of this library, released once by its guard.
    unsafe { (functions.release_credential)(&raw mut minor, handle) };
}

fn delete_context(functions: &Functions, handle: &mut Handle) {
    let mut minor = 0;
    // SAFETY: a context of this library, deleted once by its guard; no final token is wanted.
    unsafe { (functions.delete_context)(&raw mut minor, handle, ptr::null_mut()) };
}

/// The right to accept tickets for the keys of one keytab. It has no name: every key of the file opens, however its principal
/// is spelt, and nothing is looked up in the DNS.
pub(super) struct Credential {
    held: Held<'static>,
}

// SAFETY: MIT locks a credential inside; one context belongs to one call.
unsafe impl Send for Credential {}
// SAFETY: as above. Eight threads on one credential gave right answers, replays included.
unsafe impl Sync for Credential {}

impl fmt::Debug for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Credential")
    }
}

impl Credential {
    /// With the keys of `keytab`; tickets that were accepted are remembered in `replay_cache`.
    ///
    /// # Errors
    /// [`GssError`].
    pub(super) fn acquire(library: &Path, keytab: &Path, replay_cache: &Path) -> Result<Self, GssError> {
        let functions = Functions::open(library)?;
        // Kerberos alone first: beside other mechanisms a missing keytab is not reported, or not as what it is.
        drop(Self::acquired(functions, keytab, replay_cache, &[&KERBEROS])?);
        let credential = Self::acquired(functions, keytab, replay_cache, &[&KERBEROS, &SPNEGO])?;
        let (mut minor, only) = (0, [oid(&KERBEROS)]);
        let set = OidSet { count: 1, elements: only.as_ptr() };
        // SAFETY: the credential is live, the set and its bytes outlive the call; the library copies them.
        let major = unsafe { (functions.set_mechanisms)(&raw mut minor, credential.held.handle, &raw const set) };
        if major & ERRORS != 0 {
            return Err(GssError::Keytab(functions.text(major, minor)));
        }
        Ok(credential)
    }

    fn acquired(
        functions: &'static Functions,
        keytab: &Path,
        replay_cache: &Path,
        mechanisms: &[&'static [u8]],
    ) -> Result<Self, GssError> {
        let text = |kind: &str, path: &Path| {
            use std::os::unix::ffi::OsStrExt as _;
            CString::new([kind.as_bytes(), path.as_os_str().as_bytes()].concat())
        };
        let (keytab, cache) = (text("FILE:", keytab)?, text("file2:", replay_cache)?);
        let entries = [
            StoreEntry { key: c"keytab".as_ptr(), value: keytab.as_ptr() },
            StoreEntry { key: c"rcache".as_ptr(), value: cache.as_ptr() },
        ];
        let store = Store { count: 2, elements: entries.as_ptr() };
        let oids: Vec<Oid> = mechanisms.iter().map(|bytes| oid(bytes)).collect();
        let set = OidSet { count: oids.len(), elements: oids.as_ptr() };
        let (mut minor, mut held) = (0, Held::new(functions, release_credential));
        // SAFETY: every pointer is to a variable that outlives the call; the library copies what it keeps.
        let major = unsafe {
            (functions.acquire_from)(
                &raw mut minor,
                ptr::null_mut(),
                INDEFINITE,
                &raw const set,
                ACCEPT,
                &raw const store,
                &raw mut held.handle,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if major & ERRORS != 0 { Err(GssError::Keytab(functions.text(major, minor))) } else { Ok(Self { held }) }
    }

    /// Accepts one token, alone; `binding` is what the client's channel bindings are compared with, where it sends some.
    pub(super) fn accept(&self, token: &[u8], binding: Option<&[u8]>) -> Result<AcceptedToken, TokenFailure> {
        let functions = self.held.functions;
        let mut context = Held::new(functions, delete_context);
        let mut name = Held::new(functions, release_name);
        let mut reply = Owned::new(functions);
        let (mut minor, mut flags, mut left, mut mechanism) = (0, 0, 0, ptr::null());
        let input = borrowed(token);
        let bindings = binding.map(|bytes| Bindings {
            initiator_kind: 0,
            initiator: borrowed(&[]),
            acceptor_kind: 0,
            acceptor: borrowed(&[]),
            application: borrowed(bytes),
        });
        // SAFETY: every pointer is to a variable that outlives the call. The library reads `input` and the bindings only, and
        // what it allocates is released by the guards. No delegated credential is asked for.
        let major = unsafe {
            (functions.accept)(
                &raw mut minor,
                &raw mut context.handle,
                self.held.handle,
                &raw const input,
                bindings.as_ref().map_or(ptr::null(), ptr::from_ref),
                &raw mut name.handle,
                &raw mut mechanism,
                &raw mut reply.buffer,
                &raw mut flags,
                &raw mut left,
                ptr::null_mut(),
            )
        };
        if major & ERRORS != 0 {
            return Err(TokenFailure::Refused { major: major & ERRORS, text: functions.text(major, minor) });
        }
        // A second token would have to come over the same connection, and browsers need none with Kerberos.
        if major & CONTINUE_NEEDED != 0 {
            return Err(TokenFailure::Unfinished);
        }
        let mut shown = Owned::new(functions);
        // SAFETY: the name is live; the buffer is released by its guard.
        let displayed = unsafe { (functions.display_name)(&raw mut minor, name.handle, &raw mut shown.buffer, ptr::null_mut()) };
        if displayed & ERRORS != 0 {
            return Err(TokenFailure::Refused { major: displayed & ERRORS, text: functions.text(displayed, minor) });
        }
        let is_kerberos = !mechanism.is_null() && {
            // SAFETY: the library returns a pointer to an object identifier of its own, which lives as long as the library.
            let found = unsafe { &*mechanism };
            // SAFETY: as above; both fields describe one array.
            let bytes = unsafe { std::slice::from_raw_parts(found.elements.cast::<u8>(), found.length as usize) };
            bytes == KERBEROS
        };
        Ok(AcceptedToken {
            name: shown.take(),
            reply: reply.take(),
            left,
            is_kerberos,
            is_bound: flags & CHANNEL_BOUND != 0,
            account: attribute(functions, &name, UPN_DNS_INFO),
        })
    }
}

/// An attribute of a name that the library vouches for.
fn attribute(functions: &Functions, name: &Held<'_>, attribute: &[u8]) -> Option<Vec<u8>> {
    let get = functions.name_attribute?;
    let (mut minor, mut authenticated, mut complete, mut more) = (0, 0, 0, -1);
    let (mut value, mut shown) = (Owned::new(functions), Owned::new(functions));
    let asked = borrowed(attribute);
    // SAFETY: every pointer is to a live variable; the buffers are released by their guards.
    let major = unsafe {
        get(
            &raw mut minor,
            name.handle,
            &raw const asked,
            &raw mut authenticated,
            &raw mut complete,
            &raw mut value.buffer,
            &raw mut shown.buffer,
            &raw mut more,
        )
    };
    (major & ERRORS == 0 && authenticated != 0).then(|| value.take()).filter(|bytes| !bytes.is_empty())
}

const fn oid(bytes: &'static [u8]) -> Oid {
    // Those of this file have a few bytes.
    Oid { length: bytes.len() as u32, elements: bytes.as_ptr().cast() }
}

/// Bytes of ours that the library reads and does not keep.
const fn borrowed(bytes: &[u8]) -> Buffer {
    Buffer { length: bytes.len(), value: bytes.as_ptr().cast_mut().cast() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_not_there_is_an_error_that_names_it() {
        let error = Credential::acquire(Path::new("/nonexistent/libgss.so"), Path::new("/k"), Path::new("/r")).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("open the Kerberos library: ") && text.contains("/nonexistent/libgss.so"), "{text}");
    }

    #[test]
    fn a_library_without_the_functions_is_an_error() {
        let error = Credential::acquire(Path::new("libc.so.6"), Path::new("/k"), Path::new("/r")).unwrap_err();
        assert!(matches!(error, GssError::Library(_)), "{error}");
    }

    #[test]
    fn texts_hold_no_control_characters() {
        assert_eq!(printable(b"SPNEGO cannot find mechanisms to negotiate\0"), "SPNEGO cannot find mechanisms to negotiate");
        assert_eq!(printable(b" a\r\nb\x1b[31m "), "ab[31m");
    }
}
