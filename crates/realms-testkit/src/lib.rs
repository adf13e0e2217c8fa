//! Test harness: the fake upstream, the test clock, private databases, the app under test.
