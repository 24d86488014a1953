package org.llavacluster.gateway.pipeline;

/** Why a request goes on at another decoder: the tag {@code cause} of {@code llava_resumes_total}. */
enum ResumeCause {
    /** The connection broke or the call ended without an answer: the process may have ended. */
    DIED,
    /** Nothing was heard of the decoder for too long. */
    SILENT,
    /** The decoder drains and returned the request. */
    MOVED,
    /** The decoder takes nothing new at present. */
    TURNED_AWAY,
    /** The decoder is up but failed at the request. */
    FAILED
}
