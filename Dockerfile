# Production's image, from the wheel that `make dist` has built:
#   make dist && docker build -t lk .
# One image for all: `lk serve`, `lk worker` and the operator's commands.

FROM python:3.11-slim-bookworm AS install
COPY requirements.lock dist/*.whl /tmp/
RUN python -m venv /opt/lk \
    && /opt/lk/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock \
    && /opt/lk/bin/pip install --no-cache-dir --no-deps --no-index /tmp/*.whl \
    && /opt/lk/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/lk lk
COPY --from=install /opt/lk /opt/lk
ENV PATH=/opt/lk/bin:$PATH \
    LK_HOST=0.0.0.0 \
    LK_FILES_URL=file:///var/lib/lk/files
USER 10001
WORKDIR /var/lib/lk
VOLUME /var/lib/lk
EXPOSE 8000
CMD ["lk", "serve"]
