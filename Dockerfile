# One image for every process of GESS: by itself all on SQLite (docker run), in compose.yaml web, worker and beat.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/static

WORKDIR /srv/gess

# The packages first: they change less often than the code.
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt

COPY . ./
# The secret serves these commands alone; a running container must get its own.
RUN python -m compileall -q . \
    && python -c "from gess.messages import compile_messages; compile_messages(['locale'])" \
    && SECRET_KEY=build DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 --no-create-home gess \
    && install --directory --owner gess /data

USER gess
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=180s --retries=6 CMD ["python", "-m", "gess.probe"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
