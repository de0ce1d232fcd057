# One image for every service of Mission Control: the first argument says which.
#   docker run … mission-control web | sockets | worker | beat | satellite | migrate | user … | key …
ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/mission-control
WORKDIR /src
# What the lock pins, by hash and as wheels only: nothing is compiled here.
COPY requirements.lock ./
RUN /opt/mission-control/bin/python -m pip install --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# The project itself, without a look at any index; then what installed it goes.
RUN /opt/mission-control/bin/python -m pip install --no-deps --no-build-isolation --no-index . \
 && /opt/mission-control/bin/python -m pip uninstall --yes setuptools pip

FROM python:${PYTHON}-slim-bookworm
# No installer stays in the image, and the user owns nothing but its home.
RUN python -m pip uninstall --yes --root-user-action=ignore setuptools wheel pip \
 && rm -rf /usr/local/lib/python3.*/ensurepip \
 && groupadd --gid 10001 mission-control \
 && useradd --uid 10001 --gid 10001 --create-home --home-dir /var/lib/mission-control --shell /usr/sbin/nologin mission-control
COPY --from=build /opt/mission-control /opt/mission-control
ENV PATH=/opt/mission-control/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    MISSION_CONTROL_HOME=/var/lib/mission-control \
    HOST=0.0.0.0 \
    PORT=8050 \
    SOCKETS_PORT=8051
USER 10001:10001
WORKDIR /var/lib/mission-control
EXPOSE 8050 8051
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["mission-control", "health"]
ENTRYPOINT ["mission-control"]
CMD ["web"]
