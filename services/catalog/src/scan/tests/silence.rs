//! Libraries that do not answer: the others are scanned, and what hangs is tried again later.

use std::{cell::Cell, os::fd::AsRawFd, process::Command};

use super::{
    super::{
        run::Run,
        silence::{NoOutcome, patiently},
    },
    *,
};

/// Beside the library of the house, by name before it.
const AWAY: LibraryId = LibraryId(8);

impl House {
    fn with_another(&mut self, folder: &Path, patience: Duration) {
        let away = ScannedLibrary { id: AWAY, name: "Away".into(), folder: folder.to_path_buf() };
        let setup = &mut self.scanner.setup;
        setup.libraries = [away, setup.libraries[0].clone()].into();
        setup.patience = patience;
    }

    /// Scans while the other library does not answer.
    #[track_caller]
    fn scan_without_it(&self, number: u64) {
        self.put(number);
        let state = self.scan(Asked::default());
        assert_eq!((state.left_alone, state.added, state.missing), (1, 1, 0));
        let [warning] = &state.warnings[..] else { panic!("{:?}", state.warnings) };
        assert!(warning.contains("does not answer") && warning.contains("`Away`"), "{warning}");
    }
}

#[test]
fn a_library_that_cannot_be_watched_for_long_holds_up_no_other() {
    let mut house = House::of(2);
    let away = tempfile::tempdir().unwrap();
    let patience = Duration::from_millis(50);
    house.with_another(away.path(), patience);
    let pending = Pending::default();
    house.scanner.setup.watched = Some(pending.clone());
    // Whoever watches it hangs.
    pending.begin_to_watch(AWAY);
    house.scan_without_it(5);
    pending.watched(AWAY, false);
    // It is looked at again when it answers.
    let (places, _) = pending.next(&AtomicBool::new(false)).unwrap();
    let state = house.run(&Task::Noticed(places, NoticedBy::Watch));
    assert_eq!((state.left_alone, state.warnings), (0, Vec::new()));
}

/// Cancels a scan of the folder while what it does there waits for the sender that is given back.
fn cancel_while_it_hangs(run: &Run<'_>, folder: &Path) -> crossbeam_channel::Sender<()> {
    let (let_go, hangs) = crossbeam_channel::bounded(0);
    let job = move |_: &WalkProgress| hangs.recv().is_ok();
    run.stop.cancelled.store(true, Ordering::Relaxed);
    let outcome = patiently(run, folder, job, |_| {});
    assert!(matches!(outcome, Err(NoOutcome::Cancelled)), "{outcome:?}");
    run.stop.cancelled.store(false, Ordering::Relaxed);
    let_go
}

#[test]
fn what_hangs_after_it_was_cancelled_is_not_begun_again() {
    let mut house = House::of(1);
    house.scanner.setup.patience = Duration::from_millis(50);
    let Scanner { setup, state, .. } = &house.scanner;
    let (task, stop, now) =
        (Task::Everything(Asked::default()), WalkProgress::default(), setup.clock.now());
    let progress = Progress::begin(state, &task, now);
    let run = Run { setup, task: &task, now, stop: &stop, progress: &progress };
    let folder = house.folder.path();
    let let_go = cancel_while_it_hangs(&run, folder);
    for _ in 0..3 {
        let outcome = patiently(&run, folder, |_| (), |_| {});
        assert!(matches!(outcome, Err(NoOutcome::Silent)), "{outcome:?}");
    }
    drop(let_go);
    let deadline = Instant::now() + Duration::from_mins(1);
    while setup.hanging.has(folder) {
        assert!(Instant::now() < deadline, "it is believed to hang for ever");
        std::thread::yield_now();
    }
    assert!(patiently(&run, folder, |_| (), |_| {}).is_ok());
}

#[test]
fn what_was_cancelled_just_now_has_a_moment_to_end() {
    let house = House::of(1);
    let Scanner { setup, state, .. } = &house.scanner;
    let (task, stop, now) =
        (Task::Everything(Asked::default()), WalkProgress::default(), setup.clock.now());
    let progress = Progress::begin(state, &task, now);
    let run = Run { setup, task: &task, now, stop: &stop, progress: &progress };
    let folder = house.folder.path();
    let let_go = cancel_while_it_hangs(&run, folder);
    assert!(setup.hanging.keeps(folder, || true), "who is cancelled does not wait");
    // It ends when somebody waits for that.
    let let_go = Cell::new(Some(let_go));
    let waits = || {
        drop(let_go.take());
        false
    };
    assert!(!setup.hanging.keeps(folder, waits));
    assert!(patiently(&run, folder, |_| (), |_| {}).is_ok());
}

/// A file system that never answers, as a network disk whose server is away.
struct Silent {
    folder: TempDir,
    answers: Option<fs::File>,
}

impl Silent {
    fn mount() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let answers = fs::File::options().read(true).write(true).open("/dev/fuse");
        let answers = answers.expect("the system has FUSE");
        // `mount` has to inherit it.
        rustix::io::fcntl_setfd(&answers, rustix::io::FdFlags::empty()).expect("it is open");
        let fd = answers.as_raw_fd();
        let options = format!("fd={fd},rootmode=40000,user_id=0,group_id=0");
        let mut mount = Command::new("mount");
        mount.args(["-i", "-t", "fuse", "-o", &options, "hexachord-test"]).arg(folder.path());
        assert!(mount.status().expect("it is installed").success(), "it is not mounted");
        rustix::io::fcntl_setfd(&answers, rustix::io::FdFlags::CLOEXEC).expect("it is open");
        Self { folder, answers: Some(answers) }
    }

    /// Everything that waits for it fails.
    fn let_go(&mut self) {
        drop(self.answers.take());
        let unmounted = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
        drop(unmounted);
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.let_go();
    }
}

#[test]
#[ignore = "needs root, to mount what never answers"]
fn a_folder_that_does_not_answer_holds_up_no_other() {
    let mut house = House::of(2);
    let mut away = Silent::mount();
    house.with_another(away.folder.path(), Duration::from_millis(500));
    house.scan_without_it(5);
    // The walk hangs still: nobody waits for another.
    house.scanner.setup.patience = Duration::from_hours(1);
    house.scan_without_it(6);
    let hanging = std::mem::take(&mut house.scanner.setup.hanging);
    let stop = Arc::new(WalkProgress::default());
    let (told, begun) = (Arc::clone(&stop), Instant::now());
    let waker = std::thread::spawn(move || {
        while begun.elapsed() < Duration::from_millis(300) {
            std::thread::yield_now();
        }
        told.cancelled.store(true, Ordering::Relaxed);
    });
    let Scanner { setup, state, .. } = &house.scanner;
    let task = Task::Everything(Asked::default());
    let progress = Progress::begin(state, &task, setup.clock.now());
    assert_eq!(scan(setup, &task, &stop, &progress, |_| {}), Some(Ended::Cancelled));
    waker.join().unwrap();
    let setup = &mut house.scanner.setup;
    let cancelled = std::mem::take(&mut setup.hanging);
    assert!(cancelled.has(away.folder.path()), "nobody begins another while it hangs");
    setup.artists = Some(away.folder.path().to_path_buf());
    (setup.patience, setup.libraries) =
        (Duration::from_millis(100), [setup.libraries[1].clone()].into());
    let state = house.scan(Asked::default());
    assert!(state.warnings[0].contains("artists' pictures"), "{:?}", state.warnings);
    assert!(state.warnings[0].contains("does not answer"), "{:?}", state.warnings);
    house.scanner.setup.artists = None;
    house.with_another(away.folder.path(), Duration::from_mins(1));
    away.let_go();
    house.scanner.setup.hanging = hanging.clone();
    let deadline = Instant::now() + Duration::from_mins(1);
    while hanging.has(away.folder.path()) || cancelled.has(away.folder.path()) {
        assert!(Instant::now() < deadline, "the walk hangs for ever");
        std::thread::sleep(Duration::from_millis(5));
    }
    let state = house.scan(Asked::default());
    assert_eq!((state.left_alone, state.warnings), (0, Vec::new()));
}
