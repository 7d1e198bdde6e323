//! Lines that wait for others, so that one write takes many: each worker fills a batch of its own, and writes it when it is
//! full; one thread writes what has waited for [`BATCH`].
//! Invariant: a batch is written in one piece and in its order, and what was added before a [`Batches::flush`] is out after it.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use parking_lot::Mutex;

/// Bytes after which a worker writes its batch itself.
const FULL: usize = 64 << 10;
/// How long a line waits at most.
const BATCH: Duration = Duration::from_millis(100);

/// Lines of one thread.
type Batch = Arc<Mutex<String>>;

/// The batches of all threads, and what is done with a full one.
pub(super) struct Batches {
    all: Mutex<Vec<Batch>>,
    /// Whether the writer has been woken because something waits.
    waiting: AtomicBool,
    writer: OnceLock<Option<Thread>>,
    out: fn(&[u8]) -> io::Result<()>,
}

/// Those of the access log.
pub(super) static LINES: Batches = Batches::to(|lines| io::stderr().write_all(lines));

thread_local! {
    static OWN: Batch = LINES.batch();
}

/// Adds to this thread's batch of the access log.
pub(super) fn add(line: impl FnOnce(&mut String)) {
    // A thread that is ending has none any more, and takes one for a single line.
    match OWN.try_with(Arc::clone) {
        Ok(own) => LINES.add(&own, line),
        Err(_) => LINES.add(&LINES.batch(), line),
    }
}

impl Batches {
    const fn to(out: fn(&[u8]) -> io::Result<()>) -> Self {
        Self { all: Mutex::new(Vec::new()), waiting: AtomicBool::new(false), writer: OnceLock::new(), out }
    }

    fn batch(&self) -> Batch {
        let batch = Batch::default();
        self.all.lock().push(Arc::clone(&batch));
        batch
    }

    fn add(&'static self, batch: &Batch, line: impl FnOnce(&mut String)) {
        let mut lines = batch.lock();
        line(&mut lines);
        if lines.len() >= FULL {
            self.write(&mut lines);
            return;
        }
        drop(lines);
        // Either this is seen, or the writer, which takes it back before it looks, sees the line.
        fence(Ordering::SeqCst);
        if !self.waiting.load(Ordering::Relaxed) && !self.waiting.swap(true, Ordering::Relaxed) {
            match self.writer.get_or_init(|| self.begin()) {
                Some(writer) => writer.unpark(),
                // Where no thread can be started each line is written at once.
                None => self.flush(),
            }
        }
    }

    fn begin(&'static self) -> Option<Thread> {
        let writer = thread::Builder::new().name("access-log".to_owned()).spawn(move || {
            loop {
                while !self.waiting.load(Ordering::Relaxed) {
                    thread::park();
                }
                // Nobody wakes it meanwhile: something waits already.
                thread::park_timeout(BATCH);
                self.flush();
            }
        });
        writer.ok().map(|writer| writer.thread().clone())
    }

    /// Writes all that waits.
    pub(super) fn flush(&self) {
        self.waiting.store(false, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let batches = self.all.lock().clone();
        for batch in &batches {
            self.write(&mut batch.lock());
        }
        drop(batches);
        // Of threads that have ended nothing comes any more.
        self.all.lock().retain(|batch| Arc::strong_count(batch) > 1 || !batch.lock().is_empty());
    }

    /// A log that cannot be written keeps no request from its answer.
    fn write(&self, lines: &mut String) {
        if !lines.is_empty() {
            let _nothing_to_tell_it_to = (self.out)(lines.as_bytes());
            lines.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static WRITTEN: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    static BATCHES: Batches = Batches::to(|lines| {
        WRITTEN.lock().push(lines.to_vec());
        Ok(())
    });

    #[test]
    fn every_line_is_written_once_whole_and_in_the_order_of_its_thread() {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                thread::spawn(move || {
                    let own = BATCHES.batch();
                    for number in 0..20_000 {
                        BATCHES.add(&own, |lines| lines.push_str(&format!("{thread} {number}\n")));
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        BATCHES.flush();
        let written = std::mem::take(&mut *WRITTEN.lock());
        let text = String::from_utf8(written.concat()).unwrap();
        let mut next = [0; 4];
        for line in text.lines() {
            let (thread, number) = line.split_once(' ').unwrap();
            let next = &mut next[thread.parse::<usize>().unwrap()];
            assert_eq!(number.parse::<usize>().unwrap(), *next);
            *next += 1;
        }
        assert_eq!(next, [20_000; 4]);
        assert!(written.len() < 400, "{} writes of 80,000 lines", written.len());
        assert!(BATCHES.all.lock().is_empty(), "the batches of threads that ended are gone");
        // One line alone comes out by itself.
        let own = BATCHES.batch();
        BATCHES.add(&own, |lines| lines.push_str("alone\n"));
        while WRITTEN.lock().is_empty() {
            thread::yield_now();
        }
        assert_eq!(*WRITTEN.lock(), [b"alone\n"]);
    }
}
