package org.llavacluster.gateway.openai;

import org.llavacluster.gateway.admission.ByteBudget;

/** A whole body and the memory set aside for what is made of it. */
final class Body {

    private final byte[] bytes;
    private final ByteBudget.Reservation reservation;

    Body(byte[] bytes, ByteBudget.Reservation reservation) {
        this.bytes = bytes;
        this.reservation = reservation;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The exchange is over. */
    void release() {
        reservation.close();
    }
}
