//! Random numbers that are the same everywhere and always: SplitMix64.

/// A sequence of random numbers.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence that belongs to a seed, a name and a number.
    pub(crate) fn new(seed: u64, name: &str, number: u64) -> Self {
        let named = name.bytes().fold(mix(seed), |state, byte| mix(state ^ u64::from(byte)));
        Self(mix(named ^ number))
    }

    /// A number from 0 to below 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        // A double has 53 bits for the fraction, so that this is exact.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
