/** What the routes of invitations say. Written by hand until the server's document has them: see `api/types`. */

/** What an invitation is worth to both, and when. */
export interface InvitationTerms {
  inviter_usd: string;
  invitee_usd: string;
  after: "sign_up" | "first_payment";
}

/** Somebody who came by the link; who it is, is not told. */
export interface InvitedOne {
  at: string;
  rewarded_at?: string;
}

export interface Invitation {
  code: string;
  terms: InvitationTerms;
  invited: number;
  rewarded: number;
  earned_usd: string;
  /** The latest of them, the newest first. */
  latest: InvitedOne[];
}
