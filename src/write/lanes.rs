//! Eight bytes looked at as one number, without branches: the lanes of a word.
//!
//! After "Hacker's Delight" (Warren), chapter 6. Most of what is written is short words, for which
//! going byte by byte costs more than copying them.

/// How many bytes a word has.
pub(super) const WIDTH: usize = 8;

const ONES: u64 = u64::from_le_bytes([1; WIDTH]);
const HIGH: u64 = ONES << 7;

/// The first eight bytes as a word.
#[inline]
pub(super) fn load(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(*bytes.first_chunk().expect("eight bytes at least"))
}

/// Up to eight bytes as a word, of which some stand in several lanes and in any order; spaces
/// where there are none.
#[inline]
pub(super) fn load_few(bytes: &[u8]) -> u64 {
    let four =
        |bytes: &[u8]| u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    match bytes {
        [] => ONES * 0x20,
        [a] => ONES * u64::from(*a),
        [a, b] => ((ONES * 0x20) & !0xffff) | u64::from(*a) | (u64::from(*b) << 8),
        [a, b, c] => {
            ((ONES * 0x20) & !0xff_ffff)
                | u64::from(*a)
                | (u64::from(*b) << 8)
                | (u64::from(*c) << 16)
        }
        _ => four(bytes) | (four(&bytes[bytes.len() - 4..]) << 32),
    }
}

/// The highest bit of each lane that holds `byte`.
#[inline]
pub(super) fn equal(word: u64, byte: u8) -> u64 {
    let other = word ^ (ONES * u64::from(byte));
    !(((other & !HIGH) + !HIGH) | other) & HIGH
}

/// Whether any lane is below `limit`, which is 128 at most.
#[inline]
pub(super) fn any_below(word: u64, limit: u8) -> bool {
    word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH != 0
}

/// Whether any lane is no ASCII.
#[inline]
pub(super) fn any_beyond_ascii(word: u64) -> bool {
    word & HIGH != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_told_apart() {
        for byte in 0..=u8::MAX {
            for at in 0..WIDTH {
                let mut bytes = [b'x'; WIDTH];
                bytes[at] = byte;
                let word = load(&bytes);
                let is = |other: u8| bytes.contains(&other);
                assert_eq!(equal(word, b'"') != 0, is(b'"'));
                assert_eq!(equal(word, b'!') != 0, is(b'!'));
                assert_eq!(any_below(word, 0x20), byte < 0x20);
                assert_eq!(any_beyond_ascii(word), byte >= 0x80);
            }
        }
        assert_eq!(equal(load(b"a b  c d"), b' '), 0x0080_0080_8000_8000);
    }

    #[test]
    fn few_bytes_are_all_there() {
        let all = b"abcdefgh";
        for len in 0..=WIDTH {
            let word = load_few(&all[..len]).to_le_bytes();
            assert!(all[..len].iter().all(|it| word.contains(it)), "{len}");
            assert!(word.iter().all(|it| all[..len].contains(it) || *it == b' '), "{len}");
        }
    }
}
