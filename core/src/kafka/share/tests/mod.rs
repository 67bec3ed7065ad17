mod acknowledging;
mod acquiring;
mod lab;
mod locks;
mod members;
