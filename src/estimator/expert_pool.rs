pub mod classical;
