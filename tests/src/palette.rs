//! Pictures of screens with 256 colours: what the documents show should load quickly.

use std::collections::HashMap;

const COLOURS: usize = 256;

type Rgb = [u8; 3];

/// The same PNG with its most frequent colours; the others become the nearest of them.
pub fn reduced(picture: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("it fits")];
    let frame = reader.next_frame(&mut bytes).expect("a frame");
    let samples = frame.color_type.samples();
    let pixels: Vec<Rgb> = bytes[..frame.buffer_size()].chunks(samples).map(|p| [p[0], p[1], p[2]]).collect();

    let palette = most_frequent(&pixels);
    let mut known = HashMap::new();
    let places: Vec<u8> = pixels
        .iter()
        .map(|pixel| *known.entry(*pixel).or_insert_with(|| nearest(&palette, *pixel)))
        .collect();

    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, frame.width, frame.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&places).expect("a picture");
    writer.finish().expect("an end");
    out
}

/// Colours that differ by little share one place, else shades of one edge would push out a whole icon.
fn most_frequent(pixels: &[Rgb]) -> Vec<Rgb> {
    let mut shades: HashMap<Rgb, HashMap<Rgb, usize>> = HashMap::new();
    for pixel in pixels {
        *shades.entry(pixel.map(|value| value >> 3)).or_default().entry(*pixel).or_default() += 1;
    }
    let mut most: Vec<(usize, Rgb)> = shades
        .into_values()
        .filter_map(|of| Some((of.values().sum(), of.into_iter().max_by_key(|(rgb, n)| (*n, *rgb))?.0)))
        .collect();
    most.sort_by(|a, b| b.cmp(a));
    most.into_iter().take(COLOURS).map(|(_, rgb)| rgb).collect()
}

fn nearest(palette: &[Rgb], pixel: Rgb) -> u8 {
    let distance = |other: &Rgb| {
        pixel.iter().zip(other).map(|(a, b)| (i32::from(*a) - i32::from(*b)).pow(2)).sum::<i32>()
    };
    let best = palette.iter().enumerate().min_by_key(|(_, other)| distance(other));
    best.map_or(0, |(at, _)| at as u8)
}
