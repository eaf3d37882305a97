"""The morning report, as Markdown and as a page with charts."""
