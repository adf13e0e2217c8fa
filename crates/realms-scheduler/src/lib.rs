//! Candidates, health, cooldown and probation; pure, clock injected.
