using System.CommandLine;

using Quorate.Cli.Api;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Restraints;

/// <summary><c>quorate lock</c> and <c>quorate unlock</c>: keep the cluster from starting anything.</summary>
/// <remarks>Source: clusvcadm(8) -l and -u; rgmanager.md 3.9.</remarks>
internal static class LockCommands
{
    public static Command Lock() => Create("lock", isOn: true, "Keep the cluster from starting anything: what fails or loses its node waits. Ends with unlock, or when quorum forms anew.");

    public static Command Unlock() => Create("unlock", isOn: false, "Let the cluster start services again; what waited is started.");

    private static Command Create(string word, bool isOn, string description)
    {
        WaitOptions waiting = new();
        Command command = new(word, description);
        waiting.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            TimeSpan? wait = waiting.Wait(parsed);
            CommandRequest request = new() { RequestId = waiting.RequestId(parsed) };
            using ClusterApi api = ClusterApi.FromEnvironment();
            return Outcome.Of(word, await api.SetLockAsync(isOn, request, wait, cancellation), wait).Print();
        });
        return command;
    }
}
