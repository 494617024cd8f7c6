using System.Runtime.InteropServices;
using System.Text;

namespace Quorate.Executor.Guard.Native;

/// <summary>
/// Starts processes and reaps them, and with them every orphan below: the guard is a subreaper, so that a daemon which left its
/// parent still comes to it. One thread waits for all; .NET's own process class is not used, as it would fight over the waiting.
/// </summary>
internal sealed unsafe class Children
{
    private const int SpawnStructureBytes = 1024;
    private const int SignalInfoBytes = 128;
    private const int SignalInfoProcessOffset = 16;

    // A monitor, not a Lock: the reaper waits on it for the first child.
    private readonly object _gate = new();
    private readonly Dictionary<int, Child> _running = [];
    private long _started;

    public Children()
    {
        if (Libc.ProcessControl(Libc.ProcessControlSubreaper, 1, 0, 0, 0) != 0)
        {
            throw Libc.Failure("prctl(PR_SET_CHILD_SUBREAPER)");
        }

        new Thread(Reap) { IsBackground = true, Name = "reaper" }.Start();
    }

    /// <summary>Starts a program in a session of its own, with default signals, in the root directory, with exactly this environment.</summary>
    /// <param name="arguments">The program's absolute path and its arguments.</param>
    /// <param name="environment">The whole environment, <c>NAME=value</c>.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="output">Its standard output.</param>
    /// <param name="errors">Its standard error.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public Child Spawn(IReadOnlyList<string> arguments, IReadOnlyList<string> environment, int input, int output, int errors)
    {
        byte* actions = stackalloc byte[SpawnStructureBytes];
        byte* attributes = stackalloc byte[SpawnStructureBytes];
        byte* signals = stackalloc byte[SignalInfoBytes];
        byte** argumentTexts = ToTexts(arguments);
        byte** environmentTexts = ToTexts(environment);
        _ = Libc.SpawnActionsInit(actions);
        _ = Libc.SpawnAttributesInit(attributes);
        try
        {
            byte root = (byte)'/';
            byte* directory = stackalloc byte[] { root, 0 };
            Check(Libc.SpawnActionsDuplicate(actions, input, 0), "stdin");
            Check(Libc.SpawnActionsDuplicate(actions, output, 1), "stdout");
            Check(Libc.SpawnActionsDuplicate(actions, errors, 2), "stderr");
            Check(Libc.SpawnActionsChangeDirectory(actions, directory), "chdir");
            _ = Libc.SignalSetFill(signals);
            Check(Libc.SpawnAttributesSetDefault(attributes, signals), "signals");
            _ = Libc.SignalSetEmpty(signals);
            Check(Libc.SpawnAttributesSetMask(attributes, signals), "signal mask");
            Check(Libc.SpawnAttributesSetFlags(attributes, Libc.SpawnSetSession | Libc.SpawnSetSignalDefault | Libc.SpawnSetSignalMask), "flags");

            // Under the lock, so that the reaper cannot meet a process nobody has written down yet.
            lock (_gate)
            {
                int process;
                Check(Libc.Spawn(&process, argumentTexts[0], actions, attributes, argumentTexts, environmentTexts), arguments[0]);
                Child child = new() { Id = process };
                _running[process] = child;
                _started++;
                Monitor.Pulse(_gate);
                return child;
            }
        }
        finally
        {
            _ = Libc.SpawnActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
            FreeTexts(argumentTexts, arguments.Count);
            FreeTexts(environmentTexts, environment.Count);
        }
    }

    /// <summary>SIGKILL to a child, if it was not reaped yet: its process id cannot have been given to another.</summary>
    public void Kill(Child child)
    {
        lock (_gate)
        {
            if (_running.ContainsKey(child.Id))
            {
                _ = Libc.Kill(child.Id, Libc.SignalKill);
            }
        }
    }

    private void Reap()
    {
        byte* info = stackalloc byte[SignalInfoBytes];
        long seen = 0;
        while (true)
        {
            if (Libc.WaitId(Libc.WaitAnyChild, 0, info, Libc.WaitExited | Libc.WaitLeaveZombie) == 0)
            {
                ReapOne(*(int*)(info + SignalInfoProcessOffset));
            }
            else if (Marshal.GetLastPInvokeError() == Libc.ErrorNoChild)
            {
                AwaitStart(ref seen);
            }
        }
    }

    /// <summary>Without a child there is no orphan below either: nothing can come before the next start.</summary>
    private void AwaitStart(ref long seen)
    {
        lock (_gate)
        {
            while (_started == seen)
            {
                Monitor.Wait(_gate);
            }

            seen = _started;
        }
    }

    private void ReapOne(int process)
    {
        lock (_gate)
        {
            int status;
            if (Libc.WaitPid(process, &status, 0) == process && _running.Remove(process, out Child? child))
            {
                child.Complete(ChildExit.FromStatus(status));
            }
        }
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw Libc.Failure(what, error);
        }
    }

    private static byte** ToTexts(IReadOnlyList<string> texts)
    {
        byte** result = (byte**)NativeMemory.Alloc((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (int index = 0; index < texts.Count; index++)
        {
            byte[] text = Encoding.UTF8.GetBytes(texts[index]);
            result[index] = (byte*)NativeMemory.Alloc((nuint)text.Length + 1);
            Marshal.Copy(text, 0, (nint)result[index], text.Length);
            result[index][text.Length] = 0;
        }

        result[texts.Count] = null;
        return result;
    }

    private static void FreeTexts(byte** texts, int count)
    {
        for (int index = 0; index < count; index++)
        {
            NativeMemory.Free(texts[index]);
        }

        NativeMemory.Free(texts);
    }
}
