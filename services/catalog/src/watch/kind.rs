//! Where inotify works: not where others change what this machine only sees over a network, or through
//! another program.

use std::path::Path;

/// File systems that tell nothing of what others change, by their magic numbers (statfs(2)).
#[cfg(target_os = "linux")]
const SILENT: [(u32, &str); 16] = [
    (0x0000_6969, "NFS"),
    (0x0000_517B, "SMB"),
    (0xFE53_4D42, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0x0102_1997, "9P"),
    (0x6573_5546, "FUSE"),
    (0x5346_414F, "AFS"),
    (0x6B41_4653, "AFS"),
    (0x00C3_6400, "Ceph"),
    (0x7375_7245, "Coda"),
    (0x0000_564C, "NCP"),
    (0x0BD0_0BD0, "Lustre"),
    (0x0116_1970, "GFS2"),
    (0x7461_636F, "OCFS2"),
    (0x786F_4256, "a shared folder"),
    (0x7C7C_6673, "a shared folder"),
];

/// What the file system of this folder is called, if changes in it cannot all be noticed.
#[cfg(target_os = "linux")]
pub(super) fn silent(folder: &Path) -> Option<&'static str> {
    let facts = rustix::fs::statfs(folder).ok()?;
    // The numbers have 32 bits; some machines extend their sign.
    let number = u32::try_from(facts.f_type & 0xFFFF_FFFF).ok()?;
    SILENT.iter().find(|(magic, _)| *magic == number).map(|(_, name)| *name)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn silent(_folder: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_folder_is_watched() {
        assert_eq!(silent(tempfile::tempdir().unwrap().path()), None);
        assert_eq!(silent(Path::new("/no/such/folder")), None);
    }
}
