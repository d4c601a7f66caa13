/* Times MPI_Allreduce of float sums in place, by the rule of `peerless bench collective`:
 * mpi_allreduce LEAST BYTES... prints "BYTES MICROSECONDS" a line, the slowest rank's median. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Small sizes are repeated more often, the same on every rank; two calls warm up. */
static double median_microseconds(float *buffer, int count, int repetitions) {
    double *times = malloc(sizeof(double) * (size_t)repetitions);
    if (!times) MPI_Abort(MPI_COMM_WORLD, 1);
    for (int turn = -2; turn < repetitions; turn++) {
        double start = MPI_Wtime();
        MPI_Allreduce(MPI_IN_PLACE, buffer, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
        if (turn >= 0) times[turn] = (MPI_Wtime() - start) * 1e6;
    }
    qsort(times, (size_t)repetitions, sizeof(double), ascending);
    double median = (times[(repetitions - 1) / 2] + times[repetitions / 2]) / 2;
    free(times);
    return median;
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    int least = argc > 1 ? atoi(argv[1]) : 5;
    for (int argument = 2; argument < argc; argument++) {
        long bytes = atol(argv[argument]);
        if (bytes < 4 || bytes > (1L << 30) || least < 1) MPI_Abort(MPI_COMM_WORLD, 2);
        long often = (8L << 20) / bytes;
        int repetitions = (int)(often > 200 ? 200 : often);
        if (repetitions < least) repetitions = least;
        float *buffer = calloc((size_t)bytes / 4, 4);
        if (!buffer) MPI_Abort(MPI_COMM_WORLD, 1);
        double mine = median_microseconds(buffer, (int)(bytes / 4), repetitions), slowest;
        MPI_Reduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
        if (rank == 0) printf("%ld %.3f\n", bytes, slowest);
        fflush(stdout);
        free(buffer);
    }
    MPI_Finalize();
    return 0;
}
