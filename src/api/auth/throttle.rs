//! How often may be tried, in memory that is bounded: addresses are chosen by whoever attacks.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use jiff::Timestamp;

/// So many at once, and one more every so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// How long until there is one more.
    pub every: Duration,
}

/// What is left to one address.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// When all of it is there again.
    full_at: Timestamp,
}

impl Bucket {
    fn new(now: Timestamp) -> Self {
        Self { full_at: now }
    }

    /// Takes one out; else how long until there is one.
    fn take(&mut self, rate: Rate, now: Timestamp) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + rate.every;
        let room = now + rate.every * rate.burst;
        if full_at > room {
            return Err(Duration::try_from(full_at.duration_since(room)).unwrap_or(rate.every));
        }
        self.full_at = full_at;
        Ok(())
    }
}

/// A bucket for every address, as far as there is room. Where there is none, the one that needs it least goes.
#[derive(Debug)]
pub struct Throttle {
    rate: Rate,
    room: usize,
    buckets: HashMap<IpAddr, Bucket>,
}

impl Throttle {
    /// Keeps at most `room` addresses to that rate.
    pub fn new(rate: Rate, room: usize) -> Self {
        Self { rate, room, buckets: HashMap::new() }
    }

    /// Counts one; else how long the address has to wait.
    ///
    /// # Errors
    /// Where it has none left.
    pub fn take(&mut self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        let address = network(address);
        if !self.buckets.contains_key(&address) && self.buckets.len() >= self.room {
            self.make_room(now);
        }
        self.buckets.entry(address).or_insert_with(|| Bucket::new(now)).take(self.rate, now)
    }

    fn make_room(&mut self, now: Timestamp) {
        self.buckets.retain(|_, bucket| bucket.full_at > now);
        if self.buckets.len() >= self.room {
            let least =
                self.buckets.iter().min_by_key(|(_, bucket)| bucket.full_at).map(|(address, _)| *address);
            least.map(|address| self.buckets.remove(&address));
        }
    }
}

/// What one customer has of addresses: one of IPv4, 2⁶⁴ of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, every: Duration::from_secs(10) };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + second).expect("a time")
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let mut throttle = Throttle::new(RATE, 8);
        let ours = address("192.0.2.1");
        for _ in 0..3 {
            assert_eq!(throttle.take(ours, at(0)), Ok(()));
        }
        assert_eq!(throttle.take(ours, at(4)), Err(Duration::from_secs(6)));
        assert_eq!(throttle.take(address("192.0.2.2"), at(4)), Ok(()), "another has its own");
        assert_eq!(throttle.take(ours, at(10)), Ok(()));
        assert_eq!(throttle.take(ours, at(10)), Err(Duration::from_secs(10)));
        for _ in 0..3 {
            assert_eq!(throttle.take(ours, at(100)), Ok(()), "it is full again");
        }
        assert!(throttle.take(ours, at(100)).is_err());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_and_mapped_addresses_as_what_they_are() {
        let mut throttle = Throttle::new(RATE, 8);
        for last in ["1", "2", "ffff:1"] {
            assert_eq!(throttle.take(address(&format!("2001:db8:1:2::{last}")), at(0)), Ok(()));
        }
        assert!(throttle.take(address("2001:db8:1:2:3:4:5:6"), at(0)).is_err());
        assert_eq!(throttle.take(address("2001:db8:1:3::1"), at(0)), Ok(()));
        for text in ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"] {
            assert_eq!(throttle.take(address(text), at(0)), Ok(()));
        }
        assert!(throttle.take(address("::ffff:192.0.2.1"), at(0)).is_err());
    }

    #[test]
    fn memory_is_bounded_however_many_addresses_come() {
        let mut throttle = Throttle::new(RATE, 100);
        let stubborn = address("198.51.100.7");
        for _ in 0..3 {
            let _ = throttle.take(stubborn, at(0));
        }
        for n in 0..100_000_u32 {
            let _ = throttle.take(IpAddr::V4(n.into()), at(0));
            assert!(throttle.buckets.len() <= 100);
        }
        assert!(throttle.take(stubborn, at(0)).is_err(), "who tried most is remembered longest");
    }
}
