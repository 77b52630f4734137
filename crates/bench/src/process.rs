//! What a process has used, as Linux counts it.

use anyhow::{Context as _, Result, bail};

/// The size of a page of SQLite, in bytes.
const PAGE_BYTES: f64 = 4096.0;

/// The processor time of this process, in milliseconds.
pub fn own_cpu_ms() -> Result<f64> {
    cpu_ms(std::process::id())
}

/// The processor time a process has used, in milliseconds.
pub fn cpu_ms(process: u32) -> Result<f64> {
    match task_times(process) {
        Some(nanoseconds) => Ok(nanoseconds / 1e6),
        None => ticks(process).map(|ticks| ticks * 10.0),
    }
}

/// The same of a process and its children; of one that has ended in between, nothing.
pub fn family_cpu_ms(parent: u32) -> Result<f64> {
    let mut sum = cpu_ms(parent)?;
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let process = entry.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(process) = process
            && parent_of(process).is_ok_and(|found| found == parent)
        {
            sum += cpu_ms(process).unwrap_or_default();
        }
    }
    Ok(sum)
}

/// The time its threads have run, in nanoseconds, where the kernel keeps count. No thread ends while something is measured.
fn task_times(process: u32) -> Option<f64> {
    let mut sum = 0.0;
    for task in std::fs::read_dir(format!("/proc/{process}/task")).ok()? {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        sum += text.split_whitespace().next()?.parse::<f64>().ok()?;
    }
    Some(sum)
}

/// The same in hundredths of a second, which every kernel keeps.
fn ticks(process: u32) -> Result<f64> {
    let fields = stat(process)?;
    match (fields.get(11), fields.get(12)) {
        (Some(user), Some(system)) => Ok(user.parse::<f64>()? + system.parse::<f64>()?),
        _ => bail!("/proc/{process}/stat cannot be read"),
    }
}

/// The process that started this one.
pub fn parent_of(process: u32) -> Result<u32> {
    let fields = stat(process)?;
    Ok(fields.get(1).context("a parent")?.parse()?)
}

/// What follows a process's name in its line of figures.
fn stat(process: u32) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .context("processor time is read from /proc")?;
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    Ok(after_name.split_whitespace().map(str::to_owned).collect())
}

/// How many pages of SQLite a process has read from its files, whether from the disk or from the kernel's memory. What
/// comes over a socket is received and not read, so the kernel counts it elsewhere.
pub fn pages_read(process: u32) -> Result<f64> {
    let bytes = figure(&format!("/proc/{process}/io"), "rchar:")?;
    Ok(bytes / PAGE_BYTES)
}

/// The memory a process has now, in thousands of bytes.
pub fn memory_kb(process: u32) -> Result<f64> {
    figure(&format!("/proc/{process}/status"), "VmRSS:")
}

/// The most memory this process has had, in thousands of bytes.
pub fn own_memory_peak_kb() -> Result<f64> {
    figure("/proc/self/status", "VmHWM:")
}

fn figure(file: &str, name: &str) -> Result<f64> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{file} cannot be read"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    Ok(number.with_context(|| format!("{name} in {file}"))?.parse()?)
}
