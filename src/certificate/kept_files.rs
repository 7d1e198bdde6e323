//! What was good of each file of revocation lists, kept over a restart: it stands in where the file cannot be used any more.
//! Invariant: a file takes the place of what was kept of it only where it leaves out no authority that counts and is not older; and
//! of a file that is no good and was never, no list is in force, so that what it would speak of is unknown.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::bundles::{Bundle, Bundles, ListSource};
use super::revocation_list::{RevocationList, Signer};
use crate::clock::{SharedClock, Timestamp};
use crate::store::database::{Database, DatabaseError, Value};

/// A bundle and a file that it names: what one bundle can use another may not.
type Place = (Box<str>, Box<str>);

/// What was good of a file.
#[derive(Clone, Debug)]
struct KeptFile {
    lists: Arc<[Arc<RevocationList>]>,
    read_at: Timestamp,
    is_written: bool,
}

/// What was good of all files.
pub(super) struct KeptFiles {
    database: Database,
    clock: SharedClock,
    kept: Mutex<BTreeMap<Place, KeptFile>>,
}

impl std::fmt::Debug for KeptFiles {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "KeptFiles({})", self.kept.lock().len())
    }
}

impl KeptFiles {
    /// Reads what is kept.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(super) async fn load(database: Database, clock: SharedClock) -> Result<Self, DatabaseError> {
        let mut kept = BTreeMap::new();
        for row in database.rows("SELECT trust, path, document, read_at FROM revocation_list_files", &[]).await? {
            // What cannot be read any more is none; the next good file takes its place.
            if let Ok(lists) = RevocationList::read_all(&row.bytes("document")?) {
                let lists = lists.into_iter().map(Arc::new).collect();
                let file = KeptFile { lists, read_at: row.time("read_at")?, is_written: true };
                kept.insert((row.text("trust")?.into(), row.text("path")?.into()), file);
            }
        }
        Ok(Self { database, clock, kept: Mutex::new(kept) })
    }

    /// The same bundles with all of their lists in force, where what was kept stands in for each file that cannot be used.
    pub(super) fn joined(&self, mut bundles: Bundles) -> Bundles {
        for bundle in bundles.each_mut() {
            let Bundle { name, authorities, sources, .. } = bundle;
            for source in sources.iter_mut().filter(|source| !source.is_address) {
                self.settle(name, authorities, source);
            }
            bundle.take_lists();
        }
        bundles
    }

    fn settle(&self, trust: &str, authorities: &[rustls_pki_types::CertificateDer<'static>], source: &mut ListSource) {
        let place: Place = (trust.into(), source.place.clone());
        let mut kept = self.kept.lock();
        let before = kept.get(&place);
        if source.trouble.is_none() {
            let lists: Vec<_> = source.lists.iter().map(|(list, _)| Arc::clone(list)).collect();
            let known = before.map(|before| &*before.lists).unwrap_or_default();
            let is_trusted = |list: &RevocationList| matches!(list.signer(authorities), Ok(Signer::Anchor(_)));
            match RevocationList::may_follow(&lists, known, is_trusted) {
                Ok(()) => {
                    let is_known = |(list, known): (&Arc<RevocationList>, &Arc<RevocationList>)| {
                        Arc::ptr_eq(list, known) || list.der() == known.der()
                    };
                    if lists.len() != known.len() || !lists.iter().zip(known).all(is_known) {
                        let file = KeptFile { lists: lists.into(), read_at: self.clock.now(), is_written: false };
                        kept.insert(place, file);
                    }
                    return;
                }
                Err(reason) => source.trouble = Some(reason.into()),
            }
        }
        let of_each = |file: &KeptFile| {
            let each = file.lists.iter().map(|list| list.signer(authorities).map(|signer| (Arc::clone(list), signer)));
            // None of them where one is of another key than that of its authority: then it is not known what it would say.
            each.collect::<Result<Vec<_>, _>>().ok().map(|lists| (lists, file.read_at))
        };
        (source.lists, source.kept_at) =
            before.and_then(of_each).map_or_else(Default::default, |(lists, read_at)| (lists, Some(read_at)));
    }

    /// Writes down what became good since the last time, and forgets the files that no bundle names any more.
    ///
    /// # Errors
    /// [`DatabaseError`]: it is tried again the next time.
    pub(super) async fn write(&self, bundles: &Bundles) -> Result<(), DatabaseError> {
        let named = |(trust, path): &Place| {
            let mut sources = bundles.each().filter(|bundle| bundle.name == *trust).flat_map(|bundle| &bundle.sources);
            sources.any(|source| !source.is_address && source.place == *path)
        };
        let (fresh, forgotten): (Vec<(Place, KeptFile)>, Vec<Place>) = {
            let kept = self.kept.lock();
            let fresh = kept.iter().filter(|(place, file)| named(place) && !file.is_written);
            let forgotten = kept.keys().filter(|place| !named(place)).cloned().collect();
            (fresh.map(|(place, file)| (place.clone(), file.clone())).collect(), forgotten)
        };
        for place in forgotten {
            let row: [Value; 2] = [(&*place.0).into(), (&*place.1).into()];
            self.database.execute("DELETE FROM revocation_list_files WHERE trust = $1 AND path = $2", &row).await?;
            self.kept.lock().remove(&place);
        }
        for (place, file) in fresh {
            let lists = Arc::clone(&file.lists);
            // A list may be long; where the writer of it ends early, the next time does it.
            let Ok(document) = tokio::task::spawn_blocking(move || document(&lists)).await else { continue };
            let row: [Value; 4] = [(&*place.0).into(), (&*place.1).into(), document[..].into(), file.read_at.into()];
            let sql = "INSERT INTO revocation_list_files (trust, path, document, read_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (trust, path) DO UPDATE SET document = excluded.document, read_at = excluded.read_at";
            self.database.execute(sql, &row).await?;
            if let Some(kept) = self.kept.lock().get_mut(&place).filter(|kept| Arc::ptr_eq(&kept.lists, &file.lists)) {
                kept.is_written = true;
            }
        }
        Ok(())
    }
}

/// One list in DER, several in PEM: what [`RevocationList::read_all`] reads.
fn document(lists: &[Arc<RevocationList>]) -> Vec<u8> {
    match lists {
        [list] => list.der().to_vec(),
        lists => lists.iter().map(|list| super::authority::pem_of_list(list.der())).collect::<String>().into_bytes(),
    }
}
