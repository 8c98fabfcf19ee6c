//! SQLite keeps its promises on a disk of this computer: over NFS or SMB its locks and its journal's shared memory do
//! not hold, and a database is lost one day (security.md D19).

use std::path::Path;

use sea_orm::DbErr;

/// What Linux calls file systems that are somebody else's disk (`statfs(2)`), and what people call them.
const SHARES: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "SMB (CIFS)"),
    (0xFE53_4D42, "SMB"),
    (0x564C, "NCP"),
    (0x5346_414F, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00C3_6400, "Ceph"),
    (0x0BD0_0BD0, "Lustre"),
];

/// The network share that a file system of this type is, if it is one.
fn share(file_system: u32) -> Option<&'static str> {
    SHARES.iter().find(|(known, _)| *known == file_system).map(|(_, name)| *name)
}

/// Refuses a place on a network share. A file system that does not say what it is passes.
pub fn refuse(database: &Path) -> Result<(), DbErr> {
    // The nearest that is there: the file and its folder may be yet to be made.
    let found = database.ancestors().filter(|place| !place.as_os_str().is_empty()).find_map(file_system);
    match found.or_else(|| file_system(Path::new("."))).and_then(share) {
        Some(name) => Err(DbErr::Custom(format!(
            "{} is on a network share ({name}), where SQLite loses data: put it on a disk of this computer, or use \
             PostgreSQL",
            database.display()
        ))),
        None => Ok(()),
    }
}

#[cfg(target_os = "linux")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the names are 32 bits, whatever holds them"
)]
fn file_system(place: &Path) -> Option<u32> {
    rustix::fs::statfs(place).ok().map(|known| known.f_type as u32)
}

#[cfg(not(target_os = "linux"))]
const fn file_system(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_shares_are_told_from_disks() {
        for (file_system, name) in
            [(0x6969, "NFS"), (0x517B, "SMB"), (0xFF53_4D42, "SMB (CIFS)"), (0xFE53_4D42, "SMB")]
        {
            assert_eq!(share(file_system), Some(name));
        }
        // ext4, xfs, btrfs, tmpfs, overlayfs, zfs, f2fs
        for disk in [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0x2FC1_2FC1, 0xF2F5_2010] {
            assert_eq!(share(disk), None, "{disk:x}");
        }
    }

    #[test]
    fn a_file_that_is_yet_to_be_made_is_judged_by_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(file_system(folder.path()).is_some());
        assert!(refuse(&folder.path().join("not/yet/there.db")).is_ok());
        assert!(refuse(Path::new("there.db")).is_ok());
    }
}
