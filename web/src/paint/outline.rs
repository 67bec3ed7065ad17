//! Closed and open paths of straight pieces, and the distance to them.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The edge of a shape around the origin.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    points: Vec<Point>,
    /// Dashes passed at each point, and once more at the end: whole numbers at corners, so that
    /// every corner is the middle of a dash.
    dashes: Vec<f32>,
    /// Set for a circle, whose distance needs no walk along its points.
    radius: Option<f32>,
}

/// How far a path is and how many dashes along it its nearest point lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nearest {
    pub(super) distance: f32,
    pub(super) dashes: f32,
}

/// Straight pieces of a rounded corner.
const CORNER_PIECES: usize = 4;
const CIRCLE_POINTS: usize = 64;

impl Outline {
    pub(super) fn circle(radius: f32, dash: f32) -> Self {
        let points: Vec<Point> = unit_circle()
            .iter()
            .map(|&point| scaled(point, radius))
            .collect();
        let count = (perimeter(&points) / dash / 2.0).round().max(1.0) * 2.0;
        let dashes = (0..=CIRCLE_POINTS)
            .map(|index| count * index as f32 / CIRCLE_POINTS as f32)
            .collect();
        Self {
            points,
            dashes,
            radius: Some(radius),
        }
    }

    /// A polygon whose corners are cut by `rounding` along both sides; dashes about `dash` apart.
    pub(super) fn polygon(corners: &[Point], rounding: f32, dash: f32) -> Self {
        let count = corners.len();
        let mut points = Vec::with_capacity(count * (CORNER_PIECES + 1));
        for (index, &corner) in corners.iter().enumerate() {
            let from = towards(corner, corners[(index + count - 1) % count], rounding);
            let to = towards(corner, corners[(index + 1) % count], rounding);
            points.extend((0..=CORNER_PIECES).map(|piece| {
                let t = piece as f32 / CORNER_PIECES as f32;
                between(between(from, corner, t), between(corner, to, t), t)
            }));
        }
        points.rotate_left(CORNER_PIECES / 2);
        let dashes = dashes_by_side(&points, dash);
        Self {
            points,
            dashes,
            radius: None,
        }
    }

    /// Distance to the edge, less than 0 inside.
    pub(super) fn signed(&self, x: f32, y: f32) -> f32 {
        if let Some(radius) = self.radius {
            return (x * x + y * y).sqrt() - radius;
        }
        let distance = self.nearest(x, y).distance;
        if self.contains(x, y) {
            -distance
        } else {
            distance
        }
    }

    pub(super) fn nearest(&self, x: f32, y: f32) -> Nearest {
        let mut best = f32::INFINITY;
        let mut dashes = 0.0;
        for (index, &from) in self.points.iter().enumerate() {
            let to = self.points[(index + 1) % self.points.len()];
            let (square, t) = square_to_piece(Point { x, y }, from, to);
            if square < best {
                best = square;
                let (start, end) = (self.dashes[index], self.dashes[index + 1]);
                dashes = start + (end - start) * t;
            }
        }
        Nearest {
            distance: best.sqrt(),
            dashes,
        }
    }

    fn contains(&self, x: f32, y: f32) -> bool {
        let mut inside = false;
        let mut from = self.points[self.points.len() - 1];
        for &to in &self.points {
            let crosses = (from.y > y) != (to.y > y);
            if crosses && x < from.x + (y - from.y) * (to.x - from.x) / (to.y - from.y) {
                inside = !inside;
            }
            from = to;
        }
        inside
    }
}

/// Square of the distance from `point` to a straight piece, and where on it (0 to 1).
pub(super) fn square_to_piece(point: Point, from: Point, to: Point) -> (f32, f32) {
    let (along_x, along_y) = (to.x - from.x, to.y - from.y);
    let (x, y) = (point.x - from.x, point.y - from.y);
    let length = along_x * along_x + along_y * along_y;
    let t = if length > 0.0 {
        ((x * along_x + y * along_y) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (off_x, off_y) = (x - t * along_x, y - t * along_y);
    (off_x * off_x + off_y * off_y, t)
}

/// Points clockwise from the top, found by halving angles: no sines, so no platform differs.
pub(super) fn unit_circle() -> [Point; CIRCLE_POINTS] {
    let at = |x, y| Point { x, y };
    let mut points = [at(0.0, -1.0); CIRCLE_POINTS];
    let quarter = CIRCLE_POINTS / 4;
    points[quarter] = at(1.0, 0.0);
    points[2 * quarter] = at(0.0, 1.0);
    points[3 * quarter] = at(-1.0, 0.0);
    let mut step = quarter;
    while step > 1 {
        for start in (0..CIRCLE_POINTS).step_by(step) {
            let middle = between(points[start], points[(start + step) % CIRCLE_POINTS], 0.5);
            points[start + step / 2] = scaled(middle, 1.0 / length(middle));
        }
        step /= 2;
    }
    points
}

pub(super) fn between(from: Point, to: Point, t: f32) -> Point {
    Point {
        x: from.x + (to.x - from.x) * t,
        y: from.y + (to.y - from.y) * t,
    }
}

fn dashes_by_side(points: &[Point], dash: f32) -> Vec<f32> {
    let mut dashes = vec![0.0];
    for side in (0..points.len()).step_by(CORNER_PIECES + 1) {
        let start = dashes[side];
        let lengths: Vec<f32> = (side..=side + CORNER_PIECES)
            .map(|index| distance(points[index], points[(index + 1) % points.len()]))
            .collect();
        let whole: f32 = lengths.iter().sum();
        let count = (whole / dash).round().max(1.0);
        let mut passed = 0.0;
        dashes.extend(lengths.iter().map(|piece| {
            passed += piece;
            start + count * passed / whole
        }));
    }
    dashes
}

fn perimeter(points: &[Point]) -> f32 {
    (0..points.len())
        .map(|index| distance(points[index], points[(index + 1) % points.len()]))
        .sum()
}

fn distance(from: Point, to: Point) -> f32 {
    length(Point {
        x: to.x - from.x,
        y: to.y - from.y,
    })
}

fn length(point: Point) -> f32 {
    (point.x * point.x + point.y * point.y).sqrt()
}

fn scaled(point: Point, by: f32) -> Point {
    Point {
        x: point.x * by,
        y: point.y * by,
    }
}

fn towards(from: Point, to: Point, by: f32) -> Point {
    between(from, to, by / distance(from, to))
}
