//! A logo, made safe to show: decoded within bounds, made small, written anew without what it carried.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sealpost_shared::settings::LOGO_SIDE_MAX;

/// The longest side of what is served.
const SIDE: u32 = 256;
/// 4,000 × 4,000 with 8 bytes a pixel, and room to turn it.
const MEMORY: u64 = 320 * 1024 * 1024;

/// Why a picture is refused: a sentence part for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("must be a PNG or a JPEG")]
    Kind,
    #[error("must be at most {LOGO_SIDE_MAX} pixels wide and high; it has {0} × {1}")]
    TooLarge(u32, u32),
    #[error("cannot be read; it may be damaged")]
    Damaged,
}

/// The picture as a PNG that fits 256 × 256, without anything but its pixels.
pub fn logo(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    let damaged = |_| PictureError::Damaged;
    let format = kind(bytes).ok_or(PictureError::Kind)?;
    // The size stands in the header: a small file can claim, or be, a huge picture.
    let (width, height) =
        ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(damaged)?;
    if width > LOGO_SIDE_MAX || height > LOGO_SIDE_MAX {
        return Err(PictureError::TooLarge(width, height));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LOGO_SIDE_MAX);
    limits.max_image_height = Some(LOGO_SIDE_MAX);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    if width > SIDE || height > SIDE {
        picture = picture.resize(SIDE, SIDE, image::imageops::FilterType::Triangle);
    }
    picture.apply_orientation(orientation);
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(picture.into_rgba8()).write_to(&mut png, ImageFormat::Png).map_err(damaged)?;
    Ok(png.into_inner())
}

/// By what the file is, not by what it is called.
fn kind(bytes: &[u8]) -> Option<ImageFormat> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(ImageFormat::Png)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(ImageFormat::Jpeg)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height).write_to(&mut bytes, ImageFormat::Png).expect("a picture");
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_made_to_fit_and_a_small_one_stays() {
        for (size, wanted) in [((512, 256), (256, 128)), ((100, 4_000), (6, 256)), ((40, 20), (40, 20))] {
            let made = logo(&png(size.0, size.1)).expect("a logo");
            let made = image::load_from_memory_with_format(&made, ImageFormat::Png).expect("a PNG");
            assert_eq!((made.width(), made.height()), wanted);
        }
    }

    #[test]
    fn a_header_that_claims_too_much_is_believed_before_anything_is_decoded() {
        assert_eq!(logo(&png(4_001, 1)), Err(PictureError::TooLarge(4_001, 1)));
        // Width and height of a small file, overwritten: 60,000 × 60,000. The checksum is right.
        let mut bomb = png(1, 1);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let checksum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert_eq!(logo(&bomb), Err(PictureError::TooLarge(60_000, 60_000)));
    }

    #[test]
    fn what_is_no_picture_is_refused_without_a_panic() {
        assert_eq!(logo(b""), Err(PictureError::Kind));
        assert_eq!(logo(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(PictureError::Kind));
        assert_eq!(logo(b"GIF89a"), Err(PictureError::Kind));
        let whole = png(64, 64);
        for length in 8..whole.len() {
            assert!(logo(&whole[..length]).is_err() || length > whole.len() - 16, "{length}");
        }
        assert_eq!(logo(&[0xff, 0xd8, 0xff, 0xe0, 0, 0]), Err(PictureError::Damaged));
    }

    /// PNG's own (ISO 3309), bit by bit.
    fn crc(bytes: &[u8]) -> u32 {
        let step = |crc: u32, _: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
    }
}
