"""Versions, nights and reports in a place that several machines reach: any of fsspec's file systems."""
