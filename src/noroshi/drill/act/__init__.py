"""Acts with all their traces, for ordinary life and for stories alike: functions over a day.

``everyday`` fills a day that was lived through; the others are called by stories. Each is told in
docs/drills-evidence.md.
"""
