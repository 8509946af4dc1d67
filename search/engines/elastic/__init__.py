"""Elasticsearch: a replica of the documents that searches at any scale. https://www.elastic.co/docs/reference"""
