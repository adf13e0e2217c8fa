//! Envelope encryption of secrets, key files and rotation.
