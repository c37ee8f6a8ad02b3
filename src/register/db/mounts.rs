//! Network drives, on which SQLite can lose data: its processes share memory, which they can't across machines, and
//! locks there are not always kept (<https://www.sqlite.org/wal.html>, <https://www.sqlite.org/howtocorrupt.html>).

use std::path::{Path, PathBuf};

use super::Location;
use crate::error::Finding;

/// The kinds of file system, as Linux names them, whose files other machines can change too.
const NETWORK: [&str; 22] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "davfs",
    "drvfs",
    "fuse.ceph",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// What is to be said of where the database lies.
pub(super) fn notes(location: &Location) -> Vec<Finding> {
    let Location::File(path) = location else { return Vec::new() };
    // Only Linux has this file; elsewhere nothing is known.
    let (Ok(real), Ok(mounts)) = (path.canonicalize(), std::fs::read("/proc/self/mountinfo")) else {
        return Vec::new();
    };
    note(path, &real, &mounts).into_iter().collect()
}

fn note(path: &Path, real: &Path, mounts: &[u8]) -> Option<Finding> {
    let kind = kind_at(mounts, real).filter(|kind| NETWORK.contains(&kind.as_str()))?;
    Some(Finding::warning("register-network").arg("path", path.display()).arg("system", kind))
}

/// The kind of file system that a file lies on, by the kernel's list of mounts (proc_pid_mountinfo(5)): the deepest one
/// it lies below, of several on one folder the last.
fn kind_at(mounts: &[u8], file: &Path) -> Option<String> {
    let mounts = mounts.split(|byte| *byte == b'\n').filter_map(|line| {
        let mut fields = line.split(|byte| *byte == b' ');
        let folder = PathBuf::from(String::from_utf8_lossy(&unescaped(fields.nth(4)?)).into_owned());
        let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
        file.starts_with(&folder).then(|| (folder.components().count(), String::from_utf8_lossy(kind).into_owned()))
    });
    mounts.max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// A field in which a space, tab, line break and backslash are written as `\040` and so on.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, after)) = rest.split_first() {
        let octal = after.get(..3).filter(|_| first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[3..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &[u8] = b"22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
        40 22 0:35 / /srv rw shared:20 master:1 - nfs4 nas:/srv rw,vers=4.2\n\
        41 40 8:1 / /srv/lokaal rw - ext4 /dev/sda rw\n\
        42 22 0:36 / /mnt/G\\040schijf rw - cifs //nas/g rw\n\
        43 22 0:37 / /mnt/x rw - nfs nas:/x rw\n\
        44 43 0:38 / /mnt/x rw - tmpfs tmpfs rw\n\
        rommel\n";

    #[test]
    fn the_deepest_mount_counts() {
        let kind = |path: &str| kind_at(MOUNTS, Path::new(path));
        assert_eq!(kind("/home/jan/register.db").as_deref(), Some("ext4"));
        assert_eq!(kind("/srv/post/register.db").as_deref(), Some("nfs4"));
        assert_eq!(kind("/srvr/register.db").as_deref(), Some("ext4"));
        assert_eq!(kind("/srv/lokaal/register.db").as_deref(), Some("ext4"));
        assert_eq!(kind("/mnt/G schijf/register.db").as_deref(), Some("cifs"));
        assert_eq!(kind("/mnt/x/register.db").as_deref(), Some("tmpfs"));
        assert_eq!(kind_at(b"", Path::new("/x")), None);
    }

    #[test]
    fn only_a_network_drive_is_spoken_of() {
        let said = |path: &str| note(Path::new(path), Path::new(path), MOUNTS).map(|finding| finding.args);
        assert_eq!(said("/home/jan/register.db"), None);
        let args = said("/srv/post/register.db").expect("a warning");
        assert_eq!(args, [("path", "/srv/post/register.db".to_string()), ("system", "nfs4".to_string())]);
    }

    #[test]
    fn this_machine_has_a_list_of_mounts() {
        let mounts = std::fs::read("/proc/self/mountinfo").unwrap();
        assert!(kind_at(&mounts, Path::new("/proc/self/stat")).is_some_and(|kind| kind == "proc"));
    }
}
