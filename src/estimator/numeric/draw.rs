//! Numbered draws: the draw `i` of a stream depends on the seed, the stream's name and `i` alone.
//!
//! Neither the number of threads nor the order of evaluation nor what else is drawn can change it.
//!
//! # References
//! J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), Parallel Random Numbers: As Easy as 1, 2, 3, Proceedings of
//! SC11, doi:10.1145/2063384.2063405 (Philox4x32-10).
//! G. Fowler, L. C. Noll, K.-P. Vo, the FNV-1a hash, 64 bits (which names a stream).

/// An endless sequence of uniform numbers with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: [u32; 2],
    name: u64,
}

impl Stream {
    /// The stream of this seed and name, such as `recorded_per_adult|AR|2016/2018`.
    pub fn new(seed: u64, name: &str) -> Self {
        Self { key: halves(seed), name: fnv_1a(name.as_bytes()) }
    }

    /// The draw `index`: an odd multiple of 2^-53, so never 0 or 1 and as likely below one half as above.
    pub fn uniform(self, index: u64) -> f64 {
        let [index_low, index_high] = halves(index);
        let [name_low, name_high] = halves(self.name);
        let block = philox([index_low, index_high, name_low, name_high], self.key);
        let bits = u64::from(block[1]) << 32 | u64::from(block[0]);
        ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
    }
}

impl Stream {
    /// The draw `index` of a standard normal law.
    pub fn normal(self, index: u64) -> f64 {
        super::normal::quantile(self.uniform(index))
    }
}

/// Low and high half.
fn halves(word: u64) -> [u32; 2] {
    [(word & 0xFFFF_FFFF) as u32, (word >> 32) as u32]
}

/// Philox4x32 with ten rounds.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [low_0, high_0] = halves(0xD251_1F53 * u64::from(counter[0]));
        let [low_1, high_1] = halves(0xCD9E_8D57 * u64::from(counter[2]));
        counter = [high_1 ^ counter[1] ^ key[0], low_1, high_0 ^ counter[3] ^ key[1], low_0];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

/// The 64-bit FNV-1a hash.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the authors' Random123 distribution, file `kat_vectors`.
    #[test]
    fn philox_known_answers() {
        let all = u32::MAX;
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([all; 4], [all; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn fnv_known_answers() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn uniform_numbers_stay_inside_and_spread_evenly() {
        let stream = Stream::new(7, "recorded_per_adult|AR|2016/2018");
        let mut counts = [0_u32; 16];
        let draws = 160_000_u64;
        for index in 0..draws {
            let u = stream.uniform(index);
            assert!(u > 0.0 && u < 1.0);
            counts[(u * 16.0) as usize] += 1;
        }
        // 10,000 in each sixteenth, within 5 standard deviations.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 485), "{counts:?}");
        assert_ne!(
            stream.uniform(0).to_bits(),
            Stream::new(8, "recorded_per_adult|AR|2016/2018").uniform(0).to_bits()
        );
        assert_ne!(
            stream.uniform(0).to_bits(),
            Stream::new(7, "recorded_per_adult|AR|2017/2019").uniform(0).to_bits()
        );
    }

    #[test]
    fn the_largest_uniform_number_is_below_one() {
        assert!(((u64::MAX >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64) < 1.0);
    }
}
