//! Plots as SVG.

use crate::contender::Kind;
use crate::figures::{Figures, percentile};
use crate::shares::Share;
use local::{Error, Result};
use plotters::coord::Shift;
use plotters::prelude::*;
use std::time::Duration;

const SIZE: (u32, u32) = (640, 360);
const TITLE: (&str, i32) = ("sans-serif", 16);
const FONT: (&str, i32) = ("sans-serif", 13);

/// A line of a plot.
struct Line {
    kind: Kind,
    points: Vec<(f64, f64)>,
}

fn color(kind: Kind) -> RGBColor {
    match kind {
        Kind::Unnamed => RGBColor(31, 119, 180),
        Kind::Prepared => RGBColor(100, 181, 246),
        Kind::Baseline => RGBColor(148, 103, 189),
        Kind::Prototype => RGBColor(255, 127, 14),
        Kind::NamedPrototype => RGBColor(255, 187, 120),
        Kind::Python => RGBColor(214, 39, 40),
        Kind::Pgbench => RGBColor(90, 90, 90),
        Kind::NamedPgbench => RGBColor(170, 170, 170),
    }
}

/// What the colours mean, as HTML.
pub fn legend() -> String {
    let kinds = Kind::ALL.map(|kind| {
        let RGBColor(red, green, blue) = color(kind);
        let name = kind.name();
        format!("<span style=\"color:rgb({red},{green},{blue})\">■</span> {name}")
    });
    format!("<p class=\"legend\">{}</p>\n", kinds.join(" "))
}

/// The latencies of the contenders of one request, from the fastest to the slowest.
///
/// # Errors
/// When it cannot be drawn.
pub fn latencies(figures: &[Figures], function: &str) -> Result<String> {
    let figures = figures.iter().filter(|found| found.function == function);
    let lines = figures.map(|figures| {
        let point = |percent| {
            Some((
                f64::from(percent),
                ms(percentile(&figures.warm, percent as usize)?),
            ))
        };
        let points = (1_u8..=99).filter_map(point).collect();
        Line {
            kind: figures.kind,
            points,
        }
    });
    let title = format!("{function}: warm requests");
    lines_of(&title, "percentile", 100.0, &lines.collect::<Vec<_>>())
}

/// One of the medians of the shares.
///
/// # Errors
/// When it cannot be drawn.
pub fn shares(shares: &[Share], title: &str, median: usize) -> Result<String> {
    let mut lines: Vec<Line> = Vec::new();
    for share in shares {
        let Some(duration) = share.medians[median] else {
            continue;
        };
        let point = (f64::from(share.megabytes), ms(duration));
        match lines.iter_mut().find(|line| line.kind == share.kind) {
            Some(line) => line.points.push(point),
            None => lines.push(Line {
                kind: share.kind,
                points: vec![point],
            }),
        }
    }
    lines_of(title, "megabytes", 1900.0, &lines)
}

/// The median start and first request of the contenders of one request, one upon the other.
///
/// # Errors
/// When it cannot be drawn.
pub fn starts(figures: &[Figures], function: &str) -> Result<String> {
    let figures = figures.iter().filter(|found| found.function == function);
    let bars = figures.filter_map(|figures| {
        let start = percentile(&figures.starts, 50)?;
        let first = percentile(&figures.firsts, 50)?;
        Some((figures.kind, ms(start + first)))
    });
    let title = format!("{function}: from the start to the first answer, in milliseconds");
    bars_of(&title, &bars.collect::<Vec<_>>())
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(format!("cannot draw a plot: {error}"))
}

/// Draws into a text of SVG.
fn drawn(draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, Shift>) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE).map_err(failed)?;
        draw(&area)?;
        area.present().map_err(failed)?;
    }
    Ok(svg)
}

/// The smallest and the largest value, with some room beside them.
fn range(values: impl Iterator<Item = f64> + Clone) -> std::ops::Range<f64> {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(0.0, f64::max);
    match least.is_finite() {
        true => least * 0.8..most * 1.25,
        false => 0.1..1.0,
    }
}

fn lines_of(title: &str, x_name: &str, x_end: f64, lines: &[Line]) -> Result<String> {
    let points = lines.iter().flat_map(|line| &line.points);
    let y = range(points.map(|point| point.1));
    drawn(|area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, TITLE)
            .margin(8)
            .x_label_area_size(36)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..x_end, y.log_scale())
            .map_err(failed)?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .label_style(FONT)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .x_desc(x_name)
            .y_desc("milliseconds")
            .draw()
            .map_err(failed)?;
        for Line { kind, points } in lines {
            let style = color(*kind).stroke_width(2);
            let line = LineSeries::new(points.iter().copied(), style);
            chart.draw_series(line).map_err(failed)?;
        }
        Ok(())
    })
}

fn bars_of(title: &str, bars: &[(Kind, f64)]) -> Result<String> {
    let longest = bars.iter().map(|bar| bar.1).fold(2.0, f64::max);
    let name = |row: &SegmentValue<usize>| match row {
        SegmentValue::CenterOf(row) => bars.get(*row).map_or("", |bar| bar.0.name()).to_owned(),
        _ => String::new(),
    };
    drawn(|area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, TITLE)
            .margin(8)
            .x_label_area_size(24)
            .y_label_area_size(140)
            .build_cartesian_2d(
                (1.0..longest * 3.0).log_scale(),
                (0..bars.len().saturating_sub(1)).into_segmented(),
            )
            .map_err(failed)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(WHITE)
            .label_style(FONT)
            .y_label_formatter(&name)
            .draw()
            .map_err(failed)?;
        for (row, &(kind, length)) in bars.iter().enumerate() {
            let corners = [
                (1.0, SegmentValue::Exact(row)),
                (length, SegmentValue::Exact(row + 1)),
            ];
            let mut bar = Rectangle::new(corners, color(kind).filled());
            bar.set_margin(4, 4, 0, 0);
            chart.draw_series([bar]).map_err(failed)?;
            let at = (length * 1.05, SegmentValue::CenterOf(row));
            let label = Text::new(format!("{length:.1}"), at, FONT);
            chart.draw_series([label]).map_err(failed)?;
        }
        Ok(())
    })
}
