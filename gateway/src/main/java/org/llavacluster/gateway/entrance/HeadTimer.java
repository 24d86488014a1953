package org.llavacluster.gateway.entrance;

/** Hears from the guard of a protocol when the head of a request begins and ends, and how many requests are under way. */
interface HeadTimer {

    /** A head has begun; nothing more if it had already. */
    void headBegins();

    void headIsWhole();

    void requests(int underWay);
}
