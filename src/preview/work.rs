//! What processes have in common that do nothing but lay letters out.

/// What Typst and its PDF writer divide among threads is done on this one: the other processors have workers of their own,
/// and waiting for another thread costs more than the work.
pub fn stay_on_one_thread() {
    // It fails only where there is a pool already.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
}

/// The most memory of this process, in bytes of its address space. Where the system can't limit it, it isn't.
pub fn limit_memory(most: u64) {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let allowed = getrlimit(Resource::As).maximum;
        let limit = allowed.map_or(most, |allowed| allowed.min(most));
        let _ = setrlimit(Resource::As, Rlimit { current: Some(limit), maximum: allowed });
    }
    #[cfg(not(unix))]
    let _ = most;
}
