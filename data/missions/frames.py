"""The columns of the missions area's frames, named once."""

from __future__ import annotations

DAILY_JOB_STATS = (
    "day",
    "job_type",
    "total_jobs",
    "completed_jobs",
    "failed_jobs",
    "cancelled_jobs",
    "abnormal_jobs",
    "pages_crawled",
    "links_found",
    "avg_duration_seconds",
    "min_duration_seconds",
    "max_duration_seconds",
    "avg_progress",
)
