//! The standard normal distribution.

/// Φ: the chance of a value of at most `z`.
pub fn distribution(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// Φ⁻¹ by the rational approximation of Abramowitz and Stegun 26.2.23; its error is below 4.5e-4.
pub fn quantile(p: f64) -> f64 {
    let tail = p.min(1.0 - p);
    let t = (-2.0 * tail.ln()).sqrt();
    let above = (0.010_328f64.mul_add(t, 0.802_853)).mul_add(t, 2.515_517);
    let below = (0.001_308f64.mul_add(t, 0.189_269).mul_add(t, 1.432_788)).mul_add(t, 1.0);
    (t - above / below).copysign(p - 0.5)
}
