using System.IO.Pipes;
using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Guard.Session;

namespace Quorate.Tests.Integration.Guard;

/// <summary>Source: DESIGN rule S9. The end that a guard proved is worth nothing when its process exits before the line is out.</summary>
public sealed class When_a_guard_says_its_last_word
{
    [Fact]
    public async Task It_waits_for_a_line_that_is_taken_from_the_queue_and_not_yet_written()
    {
        using AnonymousPipeServerStream requests = new(PipeDirection.Out);
        using AnonymousPipeServerStream reports = new(PipeDirection.In);
        ExecutorSession session = new(Descriptor(requests), Descriptor(reports));
        session.Start(static _ => { }, static (_, _) => { });
        // Longer than any pipe holds: its first byte is read here while its last one cannot be written yet, and nothing is queued any more.
        session.Send(new GuardReport.Ended { Incarnation = new Incarnation("a"), Reason = new string('x', 2_000_000), IsLeaving = true });
        byte[] first = new byte[1];
        await reports.ReadExactlyAsync(first).AsTask().WaitAsync(GuardedNode.Patience);

        Task drained = session.DrainAsync(GuardedNode.Patience);
        bool wasDrained = drained.IsCompleted;
        session.EndWriting();
        long read = await CountAsync(reports).WaitAsync(GuardedNode.Patience);
        await drained.WaitAsync(GuardedNode.Patience);

        Assert.False(wasDrained);
        Assert.InRange(read, 2_000_000, long.MaxValue);
    }

    /// <summary>The session closes it.</summary>
    private static int Descriptor(AnonymousPipeServerStream pipe)
    {
        int descriptor = (int)pipe.ClientSafePipeHandle.DangerousGetHandle();
        pipe.ClientSafePipeHandle.SetHandleAsInvalid();
        return descriptor;
    }

    private static async Task<long> CountAsync(Stream stream)
    {
        byte[] buffer = new byte[65_536];
        long count = 0;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            count += read;
        }

        return count;
    }
}
