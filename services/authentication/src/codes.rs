//! Codes that people read out and type: claim codes and invites.

use hexachord_contracts::authentication::Secret;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 32 characters of 5 bits.
const BYTES: usize = 20;
const GROUP: usize = 4;

/// Eight groups of four characters: 160 random bits.
pub(crate) fn code(random: [u8; BYTES]) -> Secret {
    let mut text = String::new();
    for block in random.chunks_exact(5) {
        let bits = block.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in (0..8).rev() {
            if text.len() % (GROUP + 1) == GROUP {
                text.push('-');
            }
            text.push(char::from(ALPHABET[(bits >> (5 * place) & 31) as usize]));
        }
    }
    Secret::new(text)
}

/// The hash of a code, however it was typed: case, spaces and dashes do not matter, nor does O for
/// 0 or I and L for 1. Comparing two [`blake3::Hash`]es takes the same time wherever they differ.
pub(crate) fn hash(typed: &Secret) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for c in typed.reveal().chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        hasher.update(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eight_groups_and_may_be_typed_carelessly() {
        let random: [u8; BYTES] = std::array::from_fn(|n| u8::try_from(n * 13 % 256).unwrap());
        let code = code(random);
        assert_eq!(code.reveal(), "006H-M9SM-8575-PT3N-GA7S-SADP-RF8D-VTQQ");
        let careless = code.reveal().to_lowercase().replace('-', " ").replace('0', "o");
        assert_eq!(hash(&Secret::new(careless.replace('1', "l"))), hash(&code));
        assert_ne!(hash(&Secret::new(&code.reveal()[1..])), hash(&code));
    }
}
