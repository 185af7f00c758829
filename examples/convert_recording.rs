//! Makes a recording of a play-by-play: `cargo run --example convert_recording -- IN OUT [START [LEAGUE]]`.
//!
//! START is when the game was to start (`2024-11-13T00:00:00Z`) and LEAGUE its league (`esp.1`), for the sources that do
//! not say.

use std::path::Path;

use anyhow::{Context, bail};
use wirereport::feeds::convert::{self, Options};
use wirereport_actors::wire::sport::SportKey;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (input, output, start, league) = match arguments.as_slice() {
        [input, output] => (input, output, None, None),
        [input, output, start] => (input, output, Some(start), None),
        [input, output, start, league] => (input, output, Some(start), Some(SportKey::new(league))),
        _ => bail!("usage: convert_recording IN OUT [START [LEAGUE]]"),
    };
    let starts_at = start.map(|start| start.parse()).transpose().context("START is not a time")?;
    let bytes = std::fs::read(input).with_context(|| format!("read {input}"))?;
    let name = Path::new(output).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let recording = convert::convert(&bytes, &name, &Options { starts_at, league })
        .with_context(|| format!("convert {input}"))?;
    let text = recording.to_jsonl();
    std::fs::write(output, &text).with_context(|| format!("write {output}"))?;
    println!("{}: {} frames, {} bytes", recording.header().title, recording.frames().len(), text.len());
    Ok(())
}
