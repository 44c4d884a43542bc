"""What people read: report pages and tables."""
